/** The Control UI as its user sees it: in a real browser, through the ingress. */
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { browserPath } from "./browser.ts";

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

/** Time for the page to load, to pair and to show an answer, on a machine that is busy with other gateways. */
const PATIENCE_MS = 180_000;

/**
 * The key that signs the ingress's certificates, as Chromium takes it. Chromium has no option for a further root
 * certificate; so the chain is verified here against the root, and Chromium accepts what this chain's key has signed.
 */
async function keyOfSigner(url: string, authority: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: "127.0.0.1", port: Number(port), servername: hostname, ca: authority });
  await once(socket, "secureConnect");
  const signer = new X509Certificate(socket.getPeerCertificate(true).issuerCertificate.raw);
  socket.destroy();
  return createHash("sha256")
    .update(signer.publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}

export const launch = (...further: readonly string[]): Promise<Browser> =>
  chromium.launch({ executablePath: browserPath() ?? "", args: [...FLAGS, ...further] });

/**
 * A browser that trusts the ingress.
 *
 * @param url of any agent
 * @param authority the ingress's own
 */
export const launchTrusting = async (url: string, authority: string): Promise<Browser> =>
  launch(`--ignore-certificate-errors-spki-list=${await keyOfSigner(url, authority)}`);

/** Opens the page in a browser without any history. */
export async function openFresh(browser: Browser, url: string): Promise<Page> {
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
export async function expectShown(page: Page, what: Locator): Promise<void> {
  try {
    // Some of it is for screen readers only.
    await what.first().waitFor({ state: "attached" });
  } catch (error) {
    const picture = join(mkdtempSync(join(tmpdir(), "agent-fleet-control-ui-")), "page.png");
    await page.screenshot({ path: picture });
    throw new Error(`the page shows something else: ${picture}`, { cause: error });
  }
}

/** @param link what `login` prints */
export async function openConnected(browser: Browser, link: string): Promise<Page> {
  const page = await openFresh(browser, link);
  await expectShown(page, page.locator("[role=status]", { hasText: /^Connected$/ }));
  return page;
}

/** Sends a message to the agent. */
export async function send(page: Page, message: string): Promise<void> {
  const composer = page.getByRole("textbox").last();
  await composer.fill(message);
  await composer.press("Enter");
}
