import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { agentUrl, readFleet, readTokens } from "../../reader/reader.ts";
import { SAMPLE, TOKENS } from "./sample.ts";

const STACK = "organization/agent-fleet/local";

/** What the referenced stack has put out; as many references to it as were made. */
let outputs: Record<string, unknown>;
let references: number;

beforeEach(async () => {
  outputs = { fleet: SAMPLE, tokens: pulumi.secret(TOKENS) };
  references = 0;
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource: ({ type, name, inputs }) => {
      if (type === "pulumi:pulumi:StackReference") references++;
      const secretOutputNames = Object.keys(outputs).filter((key) => pulumi.Output.isInstance(outputs[key]));
      return { id: name, state: { ...inputs, outputs, secretOutputNames } };
    },
  });
});

/** An output as Pulumi's own runtime sees it. */
const settle = async <T>(output: pulumi.Output<T>): Promise<{ value: T; isSecret: boolean }> => {
  const { promise, isSecret } = output as unknown as { promise(): Promise<T>; isSecret: Promise<boolean> };
  return { value: await promise.call(output), isSecret: await isSecret };
};

/** Its failure. Whatever else waits for the same output fails with it, and must not fail the test. */
const refusal = async (output: pulumi.Output<unknown>): Promise<string> => {
  const { isKnown, isSecret } = output as unknown as Record<string, Promise<boolean>>;
  const [settled] = await Promise.allSettled([settle(output), isKnown, isSecret]);
  if (settled.status === "fulfilled") throw new Error("It was read");
  expect(pulumi.RunError.isInstance(settled.reason)).toBe(true);
  return settled.reason.message;
};

describe("readFleet", () => {
  it("reads the fleet by the stack's name, in the open although the stack has secrets", async () => {
    expect(await settle(readFleet(STACK))).toEqual({ value: SAMPLE, isSecret: false });
  });

  it("reads it by a reference that the program has already", async () => {
    expect((await settle(readFleet(new pulumi.StackReference("other", { name: STACK })))).value).toEqual(
      SAMPLE,
    );
    expect(references).toBe(1);
  });

  it("makes one reference in a program, however often it reads by name, and another in the next program", async () => {
    const program = async () => {
      await pulumi.runtime.runInPulumiStack(async () => [
        readFleet(STACK),
        readTokens(STACK),
        readFleet(STACK),
      ]);
      await pulumi.runtime.disconnect();
    };
    await program();
    expect(references).toBe(1);
    await program();
    expect(references).toBe(2);
  });

  it("keeps a fleet secret that its stack keeps secret", async () => {
    outputs = { fleet: pulumi.secret(SAMPLE) };
    expect((await settle(readFleet(STACK))).isSecret).toBe(true);
  });

  it("leaves out what a newer fleet adds", async () => {
    outputs = {
      fleet: {
        hosts: { one: { ...SAMPLE.hosts["one"], region: "eu" } },
        agents: { ...SAMPLE.agents, alice: { ...SAMPLE.agents["alice"], tier: "gold" } },
        version: 2,
      },
    };
    expect((await settle(readFleet(STACK))).value).toEqual(SAMPLE);
  });

  it("says of a stack without a fleet what it may be, and what to do", async () => {
    outputs = { bucket: "b" };
    expect(await refusal(readFleet(STACK))).toBe(
      `Stack ${STACK} has no output \`fleet\`.\n` +
        "  It is not an agent-fleet stack, or it was never deployed.\n" +
        "  -> check the name with `pulumi stack ls --all`, and have the fleet's owners run `up`",
    );
  });

  it("says of an older fleet what it lacks", async () => {
    const { url: _, ...older } = SAMPLE.agents["alice"] as (typeof SAMPLE.agents)[string];
    outputs = { fleet: { ...SAMPLE, agents: { alice: older } } };
    expect(await refusal(readFleet(STACK))).toBe(
      `Stack ${STACK} does not have the outputs that this reader knows.\n` +
        "  fleet.agents.alice.url: missing\n" +
        "  -> an older agent-fleet than this reader's deployed it: run a newer one's `up`, or read it with that one's reader/",
    );
  });

  it("says of a fleet in another shape where it differs", async () => {
    outputs = { fleet: { ...SAMPLE, agents: { alice: { ...SAMPLE.agents["alice"], slot: "first" } } } };
    expect(await refusal(readFleet(STACK))).toBe(
      `Stack ${STACK} does not have the outputs that this reader knows.\n` +
        "  fleet.agents.alice.slot: Invalid input: expected number, received string\n" +
        "  -> a newer agent-fleet than this reader's deployed it, or something else did: take reader/ from the agent-fleet that did",
    );
  });

  it("does not list what is wrong with every one of a hundred agents", async () => {
    const agents = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`agent-${index}`, {}]));
    outputs = { fleet: { ...SAMPLE, agents } };
    const message = await refusal(readFleet(STACK));
    expect(message.split("\n")).toHaveLength(6);
    expect(message).toContain("\n  and 1097 more\n");
  });

  it.each([[null], ["fleet"], [[]]])("refuses %j", async (fleet) => {
    outputs = { fleet };
    expect(await refusal(readFleet(STACK))).toContain(`Stack ${STACK} `);
  });
});

describe("readTokens", () => {
  it("reads them as a secret", async () => {
    expect(await settle(readTokens(STACK))).toEqual({ value: TOKENS, isSecret: true });
  });

  it("makes a secret of them where their stack does not", async () => {
    outputs = { fleet: SAMPLE, tokens: TOKENS };
    expect((await settle(readTokens(STACK))).isSecret).toBe(true);
  });

  it("gives none for a fleet that is empty", async () => {
    outputs = { fleet: { hosts: {}, agents: {} }, tokens: pulumi.secret({}) };
    expect((await settle(readTokens(STACK))).value).toEqual({});
  });

  it.each([
    ["empties them", { fleet: SAMPLE, tokens: pulumi.secret({}) }],
    ["leaves them out", { fleet: SAMPLE }],
  ])("says that the key is another's, where Pulumi %s", async (_, given) => {
    outputs = given;
    expect(await refusal(readTokens(STACK))).toMatch(/^The tokens of stack \S+ cannot be opened\.\n/);
  });

  it("refuses another shape without showing what it holds", async () => {
    outputs = { fleet: SAMPLE, tokens: pulumi.secret({ alice: { secretly: "hidden" } }) };
    const message = await refusal(readTokens(STACK));
    expect(message).toContain("  tokens.alice: Invalid input: expected string, received object\n");
    expect(message).not.toContain("hidden");
  });
});

describe("agentUrl", () => {
  it("gives where an agent answers", () => {
    expect(agentUrl(SAMPLE, "alice")).toBe("https://alice.agents.example.com");
  });

  it.each(["alicia", "constructor"])("names the agents there are, where there is no %s", (name) => {
    expect(() => agentUrl(SAMPLE, name)).toThrow(`The fleet has no agent "${name}"; it has alice, bob.`);
  });

  it("says so where there are none", () => {
    expect(() => agentUrl({ hosts: {}, agents: {} }, "alice")).toThrow("it has none.");
  });
});
