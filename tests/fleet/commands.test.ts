import { describe, expect, it } from "vitest";
import { forStack, LOCAL_STACK, withStack } from "../../fleet/commands.ts";

describe("the commands in a message", () => {
  it.each([
    ["set it with: npm run secret -- alice X", "set it with: npm run secret -- --stack prod alice X"],
    ["Apply it with `npm run up`.", "Apply it with `npm run up -- --stack prod`."],
    ["Deploy it first: npm run up", "Deploy it first: npm run up -- --stack prod"],
    [
      "npm run secret -- a X --remove; npm run secret -- a Y --remove, or",
      "npm run secret -- --stack prod a X --remove; npm run secret -- --stack prod a Y --remove, or",
    ],
    ["npm run --silent ca > ca.pem", "npm run --silent ca -- --stack prod > ca.pem"],
    ["pulumi config set --secret hcloud:token", "pulumi config set --stack prod --secret hcloud:token"],
  ])("name the stack: %s", (text, expected) => {
    expect(forStack(text, "prod")).toBe(expected);
    // Shown by two layers, it is put in once.
    expect(forStack(expected, "prod")).toBe(expected);
  });

  it.each([
    "npm run footprint -- IMAGE",
    "npm run catalogue",
    "npm run update",
    "npm run up-to-date",
    "npm run plan -- --json --stack prod",
    "npm run secret -- alice X --stack prod ",
    "pulumi stack export --stack prod",
    "nothing to run",
  ])("are left alone: %s", (text) => {
    expect(forStack(text, "prod")).toBe(text);
  });
});

it("the stack that commands work on by default needs no option", () => {
  const text = "npm run up, pulumi config set --secret a";
  expect(forStack(text, LOCAL_STACK)).toBe(text);
  expect(withStack(text, LOCAL_STACK)).toBe(
    "npm run up -- --stack local, pulumi config set --stack local --secret a",
  );
});
