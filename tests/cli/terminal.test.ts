import { afterEach, describe, expect, it, vi } from "vitest";
import { printVerbatim, showFor, terminal } from "../../cli/terminal.ts";

describe("what a command prints", () => {
  const written: string[] = [];
  const record = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;

  afterEach(() => {
    written.length = 0;
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    showFor("local");
  });

  const show = (stack: string | undefined): string[] => {
    vi.spyOn(process.stdout, "write").mockImplementation(record);
    vi.spyOn(process.stderr, "write").mockImplementation(record);
    showFor(stack);
    terminal.log("run: npm run up");
    terminal.print("run: npm run up");
    printVerbatim("run: npm run up");
    return written;
  };

  it("names the stack in commands, but not in what others have written", () => {
    vi.stubEnv("PULUMI_STACK", "");
    const named = "run: npm run up -- --stack prod\n";
    expect(show("prod")).toEqual([named, named, "run: npm run up\n"]);
  });

  it("does not name the local stack", () => {
    vi.stubEnv("PULUMI_STACK", "");
    expect(new Set(show(undefined))).toEqual(new Set(["run: npm run up\n"]));
  });

  it("names every stack where the environment has another by default", () => {
    vi.stubEnv("PULUMI_STACK", "prod");
    expect(show(undefined)[0]).toBe("run: npm run up -- --stack prod\n");
    written.length = 0;
    expect(show("local")[0]).toBe("run: npm run up -- --stack local\n");
  });
});
