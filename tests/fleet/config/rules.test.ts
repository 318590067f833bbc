import { describe, expect, it } from "vitest";
import * as agents from "../../../fleet/config/rules/agents.ts";
import * as classes from "../../../fleet/config/rules/classes.ts";
import * as hosts from "../../../fleet/config/rules/hosts.ts";
import * as services from "../../../fleet/config/rules/services.ts";
import { RULES } from "../../../fleet/config/rules.ts";
import { config, problemsOf } from "../../support/fleets.ts";

describe("RULES", () => {
  it("contains every rule of every rule file under its own name", () => {
    // Each file's own test has a table with a case for every rule.
    expect(RULES).toEqual({ ...agents, ...classes, ...hosts, ...services });
  });

  it("reports the problems of several rules at once", () => {
    expect(
      problemsOf(config({ hosts: {}, defaults: { class: "none" }, agents: { alice: { host: "two" } } })),
    ).toHaveLength(3);
  });
});
