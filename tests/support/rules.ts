/** Tables of rules: for each rule a configuration that it accepts and one that it refuses. */
import { describe, expect, it } from "vitest";

export interface RuleCase<Subject = Record<string, unknown>> {
  readonly rule: string;
  /** Which of the rule's cases this is. */
  readonly about?: string;
  readonly accepts: Subject;
  readonly refuses: Subject;
  /** `path = value | message | remedy` */
  readonly problem: string;
}

interface Checks<Subject> {
  /** The problems that one rule alone finds. */
  readonly byRule: (rule: string, subject: Subject) => readonly string[];
  /** The problems that are found in all. */
  readonly byAll: (subject: Subject) => readonly string[];
}

export function describeRules<Subject>(
  title: string,
  rules: Readonly<Record<string, unknown>>,
  cases: readonly RuleCase<Subject>[],
  { byRule, byAll }: Checks<Subject>,
): void {
  describe(title, () => {
    it.each(cases.map((each) => ({ ...each, name: [each.rule, each.about].filter(Boolean).join(", ") })))(
      "$name: refuses what violates it, and nothing else",
      ({ rule, accepts, refuses, problem }) => {
        expect(byRule(rule, accepts)).toEqual([]);
        expect(byRule(rule, refuses)).toEqual([problem]);
        expect(byAll(accepts)).toEqual([]);
        expect(byAll(refuses)).toEqual([problem]);
      },
    );

    it("has an accepting and a refusing case for every rule", () => {
      const tried = new Set(cases.map(({ rule }) => rule));
      expect([...tried].toSorted()).toEqual(Object.keys(rules).toSorted());
    });
  });
}
