import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const FOLDER = join(import.meta.dirname, "..", ".github", "workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly if?: string;
  readonly "runs-on": string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: string | readonly string[] | Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const FILES = readdirSync(FOLDER).filter((file) => /\.ya?ml$/.test(file));
const textOf = (file: string): string => readFileSync(join(FOLDER, file), "utf8");
const read = (file: string): Workflow => parse(textOf(file)) as Workflow;
const triggersOf = ({ on }: Workflow): string[] =>
  typeof on === "string" ? [on] : Array.isArray(on) ? on : Object.keys(on);

/** Secrets, whichever way an expression can name them. The job's own token is limited by its permissions. */
const namesSecrets = (part: unknown): boolean => /\bsecrets\b/.test(JSON.stringify(part));

const FORKS_ONLY = "github.event.pull_request.head.repo.full_name != github.repository";
const NO_FORKS = "github.event.pull_request.head.repo.full_name == github.repository";

/** Whether the condition is an `and` of which this is a part, so that nothing gets past it. */
const requires = (condition: string | undefined, part: string): boolean =>
  condition !== undefined &&
  !condition.includes("||") &&
  condition.split("&&").some((each) => each.trim() === part);

describe("the workflows", () => {
  it("are the three that operate the fleet, and the one that checks the code", () => {
    expect(FILES.toSorted()).toEqual(["check.yml", "drift.yml", "preview.yml", "up.yml"]);
  });
});

describe.each(FILES)("%s", (file) => {
  const workflow = read(file);
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  it("pins every action by the commit that its version's comment names", () => {
    const lines = textOf(file)
      .split("\n")
      .filter((line) => /^\s*(?:- )?uses:/.test(line));
    expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    for (const line of lines) {
      expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it("begins without permissions, and each job takes its own", () => {
    expect(workflow.permissions).toEqual({});
    for (const [, job] of jobs) expect(job.permissions).toMatchObject({ contents: "read" });
  });

  it("leaves no token in the checkout, and ends", () => {
    for (const { uses, with: inputs } of steps) {
      if (uses?.startsWith("actions/checkout@")) expect(inputs?.["persist-credentials"]).toBe(false);
    }
    for (const [, job] of jobs) expect(job["timeout-minutes"]).toBeGreaterThan(0);
  });

  it("puts no text of a pull request or an issue into a script", () => {
    for (const script of textOf(file).matchAll(/\$\{\{([^}]*)\}\}/g)) {
      expect(script[1]).not.toMatch(/\b(?:title|body|head_ref|head\.ref|label|message)\b/);
    }
    const scripts = steps.flatMap((step) => ("run" in step ? [String(step.run)] : []));
    for (const script of scripts) expect(script).not.toContain("${{");
  });

  it("gives no secret to a pull request of a fork", () => {
    const triggers = triggersOf(workflow);
    // These two run with the repository's secrets for whoever opens a pull request.
    expect(triggers).not.toContain("pull_request_target");
    expect(triggers).not.toContain("workflow_run");
    if (!triggers.includes("pull_request")) return;
    const { jobs: _, ...shared } = workflow;
    expect(namesSecrets(shared)).toBe(false);
    for (const [, job] of jobs) {
      if (requires(job.if, NO_FORKS)) continue;
      expect(namesSecrets(job)).toBe(false);
      expect(job.environment).toBeUndefined();
      expect(job.permissions).toEqual({ contents: "read" });
      // A runner of one's own keeps what a stranger's code leaves on it.
      expect(job["runs-on"]).toMatch(/^ubuntu-[\d.]+$/);
    }
  });
});

describe("a pull request", () => {
  it("runs one of the two jobs: the one for forks has the opposite condition", () => {
    const { comment, summary } = read("preview.yml").jobs;
    expect(requires(comment?.if, NO_FORKS)).toBe(true);
    expect(summary?.if?.split("||").map((each) => each.trim())).toContain(FORKS_ONLY);
  });
});

describe("an update", () => {
  it("is never run twice at once, nor ended by the next one, nor dropped for a comparison", () => {
    const [up, drift] = [read("up.yml").concurrency, read("drift.yml").concurrency];
    expect(up).toEqual({ group: "up-prod", "cancel-in-progress": false });
    expect(drift?.group).not.toBe(up?.group);
  });

  it("is for the environment that can ask for approval", () => {
    expect(read("up.yml").jobs["up"]?.environment).toBe("prod");
  });
});

describe("the nightly comparison", () => {
  it("asks every host before it refreshes anything", () => {
    const text = textOf("drift.yml");
    expect(text.indexOf("npm run --silent probe")).toBeGreaterThan(0);
    expect(text.indexOf("npm run --silent probe")).toBeLessThan(text.indexOf("pulumi preview --refresh"));
  });
});

describe("the check of the code", () => {
  const workflow = read("check.yml");
  const commandsOf = (job: string): (string | undefined)[] =>
    (workflow.jobs[job]?.steps ?? []).flatMap(({ run }) => run ?? []);

  it("runs for each pull request, each commit on main, and each night", () => {
    expect(workflow.on).toMatchObject({
      push: { branches: ["main"] },
      schedule: [{ cron: expect.any(String) }],
    });
    expect(triggersOf(workflow)).toContain("pull_request");
  });

  it("runs what a contributor runs", () => {
    expect(commandsOf("check")).toEqual(["npm run check"]);
    expect(commandsOf("unit")).toEqual(["npm run test:unit"]);
  });

  it("tests the properties on 10,000 cases at night, and not for a pull request", () => {
    const { properties, ...others } = workflow.jobs;
    expect(properties?.if).toBe(
      "github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'",
    );
    expect(properties?.steps.at(-1)).toMatchObject({
      env: { PROPERTY_RUNS: "10000" },
      run: "npm run test:unit",
    });
    for (const job of Object.values(others)) expect(job.if).toBe("github.event_name != 'schedule'");
  });

  it("is cancelled by a newer commit of the same pull request only", () => {
    expect(workflow.concurrency).toEqual({
      group: "check-${{ github.event.pull_request.number || github.run_id }}",
      "cancel-in-progress": true,
    });
  });

  it("needs no secret and no permission but to read", () => {
    expect(namesSecrets(workflow)).toBe(false);
    for (const job of Object.values(workflow.jobs)) expect(job.permissions).toEqual({ contents: "read" });
  });
});
