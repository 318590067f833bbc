import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestFleet } from "../support/project/test-fleet.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
if (CHROMIUM === undefined) {
  console.warn("The Control UI is not tested: there is no Chromium. Install the package chromium.");
}

/** Flags for a browser without a screen, a user account of its own, or the internet. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Time for the page to load and to pair, on a machine that is busy with other gateways. */
const PATIENCE_MS = 60_000;

/**
 * The key that signs the ingress's certificates, as Chromium takes it. Chromium has no option for a further root
 * certificate; so the chain is verified here against the root, and Chromium accepts what this chain's key has signed.
 */
async function keyOfSigner(port: number, hostname: string, authority: string): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, servername: hostname, ca: authority });
  await once(socket, "secureConnect");
  const signer = new X509Certificate(socket.getPeerCertificate(true).issuerCertificate.raw);
  socket.destroy();
  return createHash("sha256")
    .update(signer.publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}

const launch = (...further: readonly string[]): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM ?? "", args: [...FLAGS, ...further] });

/** Opens the page in a browser without any history. */
async function openFresh(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  for (let attempt = 1; ; attempt++) {
    try {
      await page.goto(url);
      return page;
    } catch (error) {
      // Chromium gives up on whatever it is loading when the host gets a network, as it does for every container.
      if (attempt === 10 || !String(error).includes("ERR_NETWORK_CHANGED")) throw error;
    }
  }
}

/** @throws Error that names a picture of the page where it does not show that in time. */
async function expectShown(page: Page, what: Locator): Promise<void> {
  try {
    // Some of it is for screen readers only.
    await what.first().waitFor({ state: "attached" });
  } catch (error) {
    const picture = join(mkdtempSync(join(tmpdir(), "agent-fleet-control-ui-")), "page.png");
    await page.screenshot({ path: picture });
    throw new Error(`the page shows something else: ${picture}`, { cause: error });
  }
}

describe.skipIf(CHROMIUM === undefined)("the Control UI in a browser", () => {
  let fleet: TestFleet;
  let browser: Browser;
  let link: string;
  let timesConnected: () => Promise<number>;

  beforeAll(async () => {
    fleet = await TestFleet.open("e2e-ui", 32);
    await fleet.up({ alice: {} });
    const { hostname } = new URL(fleet.url("alice"));
    const key = await keyOfSigner(fleet.ingress.port, hostname, await fleet.run("ca"));
    browser = await launch(`--ignore-certificate-errors-spki-list=${key}`);
    link = (await fleet.run("login", "alice")).trim();
    timesConnected = async () => {
      const log = await fleet.run("logs", "alice", "--no-follow", "--tail", "500");
      return log.split("webchat connected").length - 1;
    };
  });

  afterAll(async () => {
    await browser?.close();
    await fleet.remove();
  });

  it("is refused by a browser that does not trust the ingress's authority", async () => {
    const untrusting = await launch();
    await expect(openFresh(untrusting, fleet.url("alice"))).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");
    await untrusting.close();
  });

  it("asks for a secret when it is opened without a link", async () => {
    const page = await openFresh(browser, fleet.url("alice"));
    await expectShown(page, page.getByLabel("Gateway secret"));
    expect(await timesConnected()).toBe(0);
  });

  it("connects with the link that `login` prints", async () => {
    const page = await openFresh(browser, link);
    await expectShown(page, page.locator("[role=status]", { hasText: /^Connected$/ }));
    expect(new URL(page.url()).hash).toBe("");
    expect(await timesConnected()).toBeGreaterThan(0);
  });

  it("does not connect with a link that was used before", async () => {
    const before = await timesConnected();
    const page = await openFresh(browser, link);
    await expectShown(page, page.getByText("Gateway secret rejected"));
    expect(await timesConnected()).toBe(before);
  });
});
