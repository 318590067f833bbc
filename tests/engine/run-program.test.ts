import { expect, it } from "vitest";
import { withoutEchoes } from "../../engine/run-program.ts";

const failure = (message: string): string =>
  `Running program '/p/index.ts' failed with an unhandled exception:\n\u001b[36m<ref *1>\u001b[39m Error: ${message}\n    at f (g.js:1:2) {\n  promise: Promise { <rejected> [Circular *1] }\n}\n`;
const ECHO = failure("resource carol-slot [pulumi:index:Stash] failed to register");
const SERIALIZED = `error: ${failure('error serializing property "pidMode": resource local-egress-proxy [docker:index/container:Container] failed to register')}`;
const OWN = failure("the program's own mistake");

it.each([
  ["nothing where it only repeats steps that failed", `${ECHO}${SERIALIZED}`, ""],
  ["the program's own error", OWN, OWN.trim()],
  ["the program's own error among repetitions", `${ECHO}${OWN}${SERIALIZED}`, OWN.trim()],
  [
    "what it is, where the program was killed",
    "the program exited with code null",
    "the program exited with code null",
  ],
])("the program's last output is %s", (_, text, expected) => {
  expect(withoutEchoes(text)).toBe(expected);
});
