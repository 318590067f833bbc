import { describe, expect, it } from "vitest";
import { CHANNEL_NAMES, CHANNELS, credentialVariables } from "../../openclaw/channels.ts";
import { isOwnedVariable } from "../../openclaw/environment.ts";

describe("channels", () => {
  it("read their credentials from variables of their own", () => {
    const all = credentialVariables(CHANNEL_NAMES);
    expect(all).toEqual(["TELEGRAM_BOT_TOKEN", "DISCORD_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter(isOwnedVariable)).toEqual([]);
    expect(credentialVariables([])).toEqual([]);
  });

  it("each name what they connect to", () => {
    expect(Object.keys(CHANNELS).toSorted()).toEqual(CHANNEL_NAMES.toSorted());
    for (const { domains } of Object.values(CHANNELS)) expect(domains).not.toEqual([]);
  });
});
