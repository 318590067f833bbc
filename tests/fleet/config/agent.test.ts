import { describe, expect, it } from "vitest";
import { channelsOf } from "../../../fleet/config/agent.ts";
import { settingsOf } from "../../support/fleets.ts";

describe("channelsOf", () => {
  it("gives an agent's channels by name, in whichever order they were written", () => {
    const { agents } = settingsOf({
      agents: { alice: { channels: { telegram: {}, discord: {} } }, bob: {} },
    });
    expect(agents["alice"] && channelsOf(agents["alice"])).toEqual(["discord", "telegram"]);
    expect(agents["bob"] && channelsOf(agents["bob"])).toEqual([]);
  });
});
