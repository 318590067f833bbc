import { describe, expect, it } from "vitest";
import { deleteIn, setIn } from "../../workspace/yaml-edit.ts";

/** The lines that a change removes and adds, as `git diff` shows them. */
function changed(before: string, after: string | undefined): string[] {
  const [old, now] = [before.split("\n"), (after ?? "").split("\n")];
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  let end = 0;
  while (
    end < Math.min(old.length, now.length) - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  ) {
    end++;
  }
  return [
    ...old.slice(start, old.length - end).map((line) => `-${line}`),
    ...now.slice(start, now.length - end).map((line) => `+${line}`),
  ];
}

const SECRETS = "agent-fleet:secrets";
const FILE = `# ours
config:
  pulumi:disable-default-providers: ["*"]   # no default
  agent-fleet:fleet:
    agents: {alice: {}, 'bob': { egress: [ a.example.com ] }}  # two

    text: "quoted"
`;
const WITH = `${FILE}  # secrets follow
  agent-fleet:secrets:
    alice:
      A: # first
        secure: v1:a # of May
      # before B
      B:
        secure: v1:b
    # bob's
    bob: { C: { secure: v1:c }, D: { secure: v1:d } }

# the end
encryptionsalt: v1:salt
`;

describe("a value set in a YAML text", () => {
  const set = (text: string, path: string[], value = "v1:new") => changed(text, setIn(text, path, value));

  it.each([
    [
      "the first secret of all",
      FILE,
      ["config", SECRETS, "alice", "A", "secure"],
      ["+  agent-fleet:secrets:", "+    alice:", "+      A:", "+        secure: v1:new"],
    ],
    [
      "another value: only its own text, with the comment behind it",
      WITH,
      ["config", SECRETS, "alice", "A", "secure"],
      ["-        secure: v1:a # of May", "+        secure: v1:new # of May"],
    ],
    [
      "another variable, behind the last",
      WITH,
      ["config", SECRETS, "alice", "C", "secure"],
      ["+      C:", "+        secure: v1:new"],
    ],
    [
      "another agent, behind the last",
      WITH,
      ["config", SECRETS, "carol", "A", "secure"],
      ["+    carol:", "+      A:", "+        secure: v1:new"],
    ],
    [
      "another variable in braces",
      WITH,
      ["config", SECRETS, "bob", "E", "secure"],
      [
        "-    bob: { C: { secure: v1:c }, D: { secure: v1:d } }",
        "+    bob: { C: { secure: v1:c }, D: { secure: v1:d }, E: { secure: v1:new } }",
      ],
    ],
    [
      "another value in braces",
      WITH,
      ["config", SECRETS, "bob", "C", "secure"],
      [
        "-    bob: { C: { secure: v1:c }, D: { secure: v1:d } }",
        "+    bob: { C: { secure: v1:new }, D: { secure: v1:d } }",
      ],
    ],
    ["a key of the whole document", FILE, ["encryptionsalt"], ["+encryptionsalt: v1:new"]],
    [
      "in the place of nothing, whose comment stays",
      "config: # none yet\n# end\n",
      ["config", SECRETS, "a", "K", "secure"],
      ["+  agent-fleet:secrets:", "+    a:", "+      K:", "+        secure: v1:new"],
    ],
    [
      "in the place of an empty map",
      "config:\n    x: 1\n    s: {} # none\n    y: 2\n",
      ["config", "s", "a"],
      ["-    s: {} # none", "+    s: # none", "+        a: v1:new"],
    ],
    [
      "in the place of plain text",
      "config:\n  s:\n    a:\n      K: hunter2 # oh\n      L: x\n",
      ["config", "s", "a", "K", "secure"],
      ["-      K: hunter2 # oh", "+      K: # oh", "+        secure: v1:new"],
    ],
    [
      "behind a text of several lines, in a file that does not end with a line",
      "config:\n  a:\n    t: |\n      1\n      2",
      ["config", "a", "u"],
      ["+    u: v1:new", "+"],
    ],
    ["behind a key without a value", "config:\n  a: # nothing\n# end\n", ["config", "b"], ["+  b: v1:new"]],
    [
      "a name that YAML would take for something else",
      "config:\n  a: 1\n",
      ["config", "1e3"],
      ['+  "1e3": v1:new'],
    ],
  ])("changes no other line: %s", (_, text, path, lines) => {
    expect(set(text, path)).toEqual(lines);
  });

  it("is there all the same where the text has no place for it", () => {
    expect(setIn("", ["config", "a"], "x")).toBe("config:\n  a: x\n");
    expect(setIn("a: &x {}\nconfig: *x\n", ["b"], "x")).toContain("b: x");
  });
});

describe("a key removed from a YAML text", () => {
  const remove = (text: string, ...path: string[]) => changed(text, deleteIn(text, ["config", ...path], 1));

  it.each([
    [
      "one of several, in its own lines",
      WITH,
      [SECRETS, "alice", "B"],
      ["-      B:", "-        secure: v1:b"],
    ],
    [
      "the first, with the comments in its lines",
      WITH,
      [SECRETS, "alice", "A"],
      ["-      A: # first", "-        secure: v1:a # of May"],
    ],
    [
      "the last in braces",
      WITH,
      [SECRETS, "bob", "D"],
      ["-    bob: { C: { secure: v1:c }, D: { secure: v1:d } }", "+    bob: { C: { secure: v1:c } }"],
    ],
    [
      "the first in braces",
      WITH,
      [SECRETS, "bob", "C"],
      ["-    bob: { C: { secure: v1:c }, D: { secure: v1:d } }", "+    bob: { D: { secure: v1:d } }"],
    ],
    [
      "the only one, with the maps that it leaves empty",
      "config:\n  x: 1\n  s:\n    a:\n      K:\n        secure: v1:k\n  y: 2\n",
      ["s", "a", "K"],
      ["-  s:", "-    a:", "-      K:", "-        secure: v1:k"],
    ],
  ])("changes no other line: %s", (_, text, path, lines) => {
    expect(remove(text, ...path)).toEqual(lines);
  });

  it("leaves the outermost map, even if it is empty", () => {
    expect(deleteIn("config:\n  s:\n    a: 1\n", ["config", "s", "a"], 1)).toBe("config: {}\n");
  });

  it("is nothing where there is none", () => {
    expect(deleteIn(WITH, ["config", SECRETS, "alice", "Z"], 1)).toBeUndefined();
    expect(deleteIn(WITH, ["config", SECRETS, "zoe", "A"], 1)).toBeUndefined();
    expect(deleteIn("", ["config"], 1)).toBeUndefined();
  });
});
