import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderPlanPage } from "../../report/page.ts";
import type { PlanReport } from "../../report/report.ts";
import { browserPath } from "../support/browser/browser.ts";
import { largeReport, smallReport } from "../support/reports.ts";

const CHROMIUM = browserPath();
if (CHROMIUM === undefined) {
  console.warn("The page of a plan is not tested: there is no Chromium. Install the package chromium.");
}

const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];

/** What the page is judged by, as the browser has drawn it. In the browser's language: these tests know no DOM. */
const MEASURE = `(() => {
  const area = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return { width, height };
  };
  const overflows = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const cutOff = [...document.querySelectorAll(".host, .panel, .totals > div")].filter(
    (element) => element.scrollWidth > element.clientWidth,
  ).length;
  const hosts = [...document.querySelectorAll(".host")].map((host) => ({
    name: host.querySelector("h3").textContent,
    box: area(host.querySelector(".box")),
    layers: [...host.querySelectorAll(".box > .s")].map((layer) => ({
      name: layer.querySelector("b").textContent,
      ...area(layer),
    })),
  }));
  return { overflows, cutOff, hosts };
})()`;

interface Area {
  readonly width: number;
  readonly height: number;
}

interface Measures {
  readonly overflows: number;
  readonly cutOff: number;
  readonly hosts: readonly {
    readonly name: string;
    readonly box: Area;
    readonly layers: readonly (Area & { readonly name: string })[];
  }[];
}

/** In pixels. */
const TOLERANCE = 2;

/** Whatever is drawn differently from what its memory comes to. All boxes being as wide as the first, heights tell areas. */
function misdrawn({ hosts }: Measures, report: PlanReport): string[] {
  const memoryOf = (host: string): number => report.hosts[host]?.use.memory.of ?? 0;
  const [first] = hosts;
  if (first === undefined) return ["no hosts"];
  const pixelsPerMb = first.box.height / memoryOf(first.name);
  const isOff = (drawn: Area, memoryMb: number): boolean =>
    Math.abs(drawn.height - memoryMb * pixelsPerMb) > TOLERANCE ||
    Math.abs(drawn.width - first.box.width) > TOLERANCE;
  return hosts.flatMap(({ name, box, layers }) => [
    ...(isOff(box, memoryOf(name)) ? [name] : []),
    ...layers
      .filter((layer) => isOff(layer, report.agents[layer.name]?.reservationMb ?? 0))
      .map((layer) => layer.name),
  ]);
}

describe.skipIf(CHROMIUM === undefined)("the page of a plan in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "agent-fleet-plan-page-"));
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM ?? "", args: FLAGS });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  const cases = [3, 2000].flatMap((agents) =>
    [400, 1400].flatMap((width) => (["light", "dark"] as const).map((scheme) => ({ agents, width, scheme }))),
  );

  it.each(cases)(
    "draws $agents agents to scale at $width pixels, $scheme, without any request",
    async ({ agents, width, scheme }) => {
      const report = agents === 3 ? smallReport() : largeReport(agents);
      const file = join(folder, `${agents}.html`);
      writeFileSync(file, renderPlanPage(report));
      const address = pathToFileURL(file).href;
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
      const requests: string[] = [];
      const errors: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      page.on("console", (message) => errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(address);
      const measures = await page.evaluate<Measures>(MEASURE);
      await page.close();

      expect(requests.filter((url) => url !== address && !url.startsWith("data:"))).toEqual([]);
      expect(errors).toEqual([]);
      expect(measures).toMatchObject({ overflows: 0, cutOff: 0 });
      expect(measures.hosts.flatMap(({ layers }) => layers)).toHaveLength(agents);
      expect(misdrawn(measures, report)).toEqual([]);
    },
  );
});
