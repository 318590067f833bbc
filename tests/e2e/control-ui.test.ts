import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser } from "../support/browser/browser.ts";
import {
  expectShown,
  launch,
  launchTrusting,
  openConnected,
  openFresh,
} from "../support/browser/control-ui.ts";
import { TestFleet } from "../support/project/test-fleet.ts";

const CAN_OPEN = hasBrowser("The Control UI is not tested");

describe.skipIf(!CAN_OPEN)("the Control UI in a browser", () => {
  let fleet: TestFleet;
  let browser: Browser;
  let link: string;
  let timesConnected: () => Promise<number>;

  beforeAll(async () => {
    fleet = await TestFleet.open("e2e-ui", 32);
    await fleet.up({ alice: {} });
    browser = await launchTrusting(fleet.url("alice"), await fleet.run("ca"));
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
    const page = await openConnected(browser, link);
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
