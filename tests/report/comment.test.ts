import { describe, expect, it } from "vitest";
import type { Change } from "../../fleet/plan/changes.ts";
import type { FleetPlan } from "../../fleet/plan-fleet.ts";
import { planFleet } from "../../fleet/plan-fleet.ts";
import { EMPTY_REGISTRY, type Registry } from "../../fleet/registry.ts";
import {
  type EngineChange,
  markerOf,
  type Review,
  renderComment,
  renderRefusal,
} from "../../report/comment.ts";
import { reportOf } from "../../report/report.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import { fleet, hetznerGroup, registryOf, TAILNET } from "../support/fleets.ts";
import { largeReport, planReport } from "../support/reports.ts";

const GITHUB_TAKES = 65_536;

const plan = (changes: Record<string, unknown>, registry: Registry = EMPTY_REGISTRY): FleetPlan =>
  planFleet(fleet(changes), registry, "prod", CATALOGUE);

const review = (of: FleetPlan, changes: Review["changes"]): string =>
  renderComment({ report: reportOf(of), changes, before: { kind: "state" } });

const step = (op: EngineChange["op"], type: string, name: string, ...changed: string[]): EngineChange => ({
  op,
  type,
  name,
  changed,
});
const container = "docker:index/container:Container";

/** What Pulumi creates for one more agent. */
const stepsOf = (agent: string): EngineChange[] => [
  step("create", "agent-fleet:index:IsolatedAgent", agent),
  step("create", "pulumi:index:Stash", `${agent}-slot`),
  step("create", "random:index/randomBytes:RandomBytes", `${agent}-token`),
  step("create", "docker:index/network:Network", `${agent}-network`),
  step("create", "docker:index/volume:Volume", `${agent}-data`),
  step("create", container, `${agent}-gateway`),
  step("create", "agent-fleet:index:TenantRoute", agent),
];
const LOADERS = [
  step("replace", container, "one-ingress-config", "uploads"),
  step("replace", container, "one-egress-proxy-config", "uploads"),
];

const SETTLED = registryOf({ alice: { host: "one", slot: 0 }, bob: { host: "one", slot: 1 } });

describe("the comment on a pull request", () => {
  it("names an agent that is added, and no other", async () => {
    const added = plan({ agents: { alice: {}, bob: {}, carol: {} } }, SETTLED);
    await expect(review(added, [...stepsOf("carol"), ...LOADERS])).toMatchFileSnapshot(
      "comment/agent-added.md",
    );
  });

  it("names a host that is added, its price and the other ways to make capacity", async () => {
    const agents = Object.fromEntries(["alice", "bob", "carol", "dan"].map((name) => [name, {}]));
    const registry = registryOf(
      {
        alice: { host: "eu-1", slot: 0 },
        bob: { host: "eu-1", slot: 1 },
        carol: { host: "eu-1", slot: 2 },
      },
      { "eu-1": { serverType: "cx23", location: "fsn1" } },
    );
    const classes = { standard: { memoryMb: 2048, reservationMb: 700, cpus: 2 } };
    const hosts = { eu: hetznerGroup({ growth: ["add"] }) };
    await expect(
      review(plan({ hosts, classes, agents }, registry), {
        leftOut: "Stack prod needs its passphrase: set PULUMI_CONFIG_PASSPHRASE.",
      }),
    ).toMatchFileSnapshot("comment/host-added.md");
  });

  it("names the agents that a new image restarts, though the plan says nothing of them", async () => {
    const comment = review(plan({ image: "openclaw/openclaw:2026.9.6" }, SETTLED), [
      step("replace", container, "alice-gateway", "image"),
      step("replace", container, "bob-gateway", "image"),
    ]);
    await expect(comment).toMatchFileSnapshot("comment/image-changed.md");
  });

  it("says in one line that nothing changes", async () => {
    await expect(review(plan({}, SETTLED), [])).toMatchFileSnapshot("comment/nothing-changed.md");
  });

  it("does not say that nothing changes where it cannot know", () => {
    const comment = review(plan({}, SETTLED), { leftOut: "no passphrase." });
    expect(comment).not.toContain("Nothing changes");
    expect(comment).toContain(
      "No agent is added, removed or moved: 1 host and 2 agents stay where they are.",
    );
    expect(comment).toContain("Pulumi's preview is left out: no passphrase.");
  });

  it("lists resources that belong to no agent without calling them an agent's", () => {
    const comment = review(plan({}, SETTLED), LOADERS);
    expect(comment).toContain("No agent is added, removed, moved or restarted. Then 1 host, 2 agents.");
    expect(comment).toContain("! replace docker:index/container:Container one-ingress-config (uploads)");
  });

  it.each([
    ["restarts alice: its container is recreated (envs, image)", "replace", "alice-gateway"],
    ["changes alice while it runs (envs, image)", "update", "alice-gateway"],
    ["starts alice", "create", "alice-gateway"],
    ["stops alice; its data stays", "delete", "alice-gateway"],
    [
      "replaces the ingress of one (envs, image): every connection through it is closed",
      "replace",
      "one-ingress",
    ],
    ["changes the egress proxy of one while it runs (envs, image)", "update", "one-egress-proxy"],
    [
      "replaces the tailnet node of one (envs, image): every connection over the tailnet is closed",
      "replace",
      "one-tailnet",
    ],
    ["starts the tailnet node of one", "create", "one-tailnet"],
  ] as const)("says: %s", (text, op, name) => {
    const comment = review(plan({ tailscale: TAILNET }, SETTLED), [
      step(op, container, name, "envs", "image"),
    ]);
    expect(comment.split("\n")).toContain(`- ${text}`);
  });

  const withEffects = (effects: readonly Change[], changes: readonly EngineChange[]): string =>
    renderComment({ report: reportOf(plan({}, SETTLED), effects), changes, before: { kind: "state" } });

  it("says that an agent restarts although the plan knows of an update only, and counts it once for each", () => {
    const update = { kind: "update-agent", name: "alice", text: "alice gets another URL" } as const;
    const comment = withEffects([update, update], [step("replace", container, "alice-gateway", "envs")]);
    expect(comment).toContain("- restarts alice: its container is recreated (envs)");
    expect(comment).toContain("1 agent changed.");
    expect(comment).not.toContain("2 agents changed");
  });

  it("says once what the plan and the engine both know", () => {
    const restart = { kind: "restart-agent", name: "alice", text: "restarts alice: image" } as const;
    const replaced = {
      kind: "update-host",
      name: "one",
      service: "ingress",
      text: "replaces the ingress of one (image)",
    } as const;
    const reconfigured = {
      kind: "update-host",
      name: "one",
      text: "reconfigures the egress proxy of one",
    } as const;
    const comment = withEffects(
      [restart, replaced, reconfigured],
      [
        step("replace", container, "alice-gateway", "envs"),
        step("replace", container, "one-ingress", "image"),
        step("replace", container, "one-egress-proxy", "envs"),
      ],
    );
    expect(comment.match(/alice/g)).toHaveLength(2);
    expect(comment.match(/replaces the ingress/g)).toHaveLength(1);
    expect(comment).toContain("1 agent restarted, 1 host changed.");
    // The plan knows only that it is reconfigured.
    expect(comment).toContain("replaces the egress proxy of one (envs)");
  });

  it("says that a service is removed which its host no longer runs", () => {
    const comment = review(plan({}, SETTLED), [step("delete", container, "one-tailnet")]);
    expect(comment.split("\n")).toContain("- removes the tailnet node of one");
  });

  it("reports what moves and leaves, and what stays behind, once", () => {
    const hosts = {
      one: { kind: "docker", drain: true },
      two: { kind: "docker", address: "tcp://two:2375" },
    };
    const comment = review(plan({ hosts, agents: { alice: {} } }, SETTLED), [
      step("replace", container, "alice-gateway", "networksAdvanced"),
      { ...step("delete", "docker:index/volume:Volume", "bob-data"), retained: true },
      step("delete", container, "bob-gateway"),
    ]);
    expect(comment).toContain("1 agent moved, 1 agent removed. Then 2 hosts, 1 agent.");
    expect(comment).toContain("- moves alice from one to two:");
    expect(comment).toContain("- removes bob from one; its data stays\n");
    expect(comment).not.toMatch(/restarts alice|stops bob/);
    expect(comment).toContain("- delete docker:index/volume:Volume bob-data (stays on the host)");
  });

  it("is found again by its first line, which no stack name can break out of", () => {
    expect(review(plan({}, SETTLED), []).split("\n")[0]).toBe("<!-- agent-fleet: plan of prod -->");
    expect(markerOf("a--><b>")).toBe("<!-- agent-fleet: plan of a--__b_ -->");
  });

  it("shows why a configuration is refused, and nothing in it is markup", () => {
    const comment = renderRefusal("prod", 'agents.x = "```\n</details>@all"');
    expect(comment).toBe(
      '<!-- agent-fleet: plan of prod -->\n### Plan of stack prod\n\nThe configuration is refused.\n\n```\nagents.x = "``\n</details>@all"\n```\n',
    );
  });
});

describe("against the base branch", () => {
  it("counts what is different as changed, and says what it was compared with", () => {
    const comment = renderComment({
      report: reportOf(plan({}, SETTLED)),
      changes: { leftOut: "there is no state." },
      before: { kind: "base", differences: [{ kind: "agent", name: "bob", what: ["image", "class"] }] },
    });
    expect(comment).toContain("1 agent changed. Then 1 host, 2 agents.");
    expect(comment).toContain("- changes bob (image, class)");
    expect(comment).toContain("Compared with the base branch's configuration, not with what runs:");
  });
});

describe("what others wrote", () => {
  const note = (text: string): string =>
    renderComment({
      report: planReport({ notices: [text] }),
      changes: [],
      before: { kind: "state" },
    })
      .split("\n")
      .find((line) => line.startsWith("- "))
      ?.slice(2) ?? "";

  it.each([
    ["<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"],
    ["a --> <!-- b", "a --&gt; &lt;!-- b"],
    ["&lt; stays", "&amp;lt; stays"],
    ["[text](javascript:x) ![i](u)", "\\[text\\](javascript:x) !\\[i\\](u)"],
    ["`code` *bold* _thin_ ~~gone~~ a|b", "\\`code\\` \\*bold\\* \\_thin\\_ \\~\\~gone\\~\\~ a\\|b"],
    ["\\*", "\\\\\\*"],
    ["ask @octocat or @org/team", "ask @&#8203;octocat or @&#8203;org/team"],
    ["fixes #12, owner/repo#3, GH-4", "fixes #&#8203;12, owner/repo#&#8203;3, GH&#8203;-4"],
    ["https://evil.example www.evil.example", "https:&#8203;//evil.example www&#8203;.evil.example"],
    ["# title", "\\#&#8203; title"],
    ["- item", "\\- item"],
    ["+ item", "\\+ item"],
    ["1. item", "1&#8203;. item"],
    ["$x$", "&#36;x&#36;"],
    ["two\nlines\r\n\n# and a title", "two lines #&#8203; and a title"],
    ["turned \u202Eround\u200B", "turned round"],
  ])("%j is shown as it is", (text, escaped) => {
    expect(note(text)).toBe(escaped);
  });

  it("is cut after 300 characters", () => {
    expect(note("x".repeat(1000))).toBe(`${"x".repeat(297)}...`);
  });

  it("cannot leave the block of Pulumi's preview", () => {
    const comment = renderComment({
      report: planReport(),
      changes: [step("replace", container, "x\n```\n</details>", "@all", "````")],
      before: { kind: "state" },
    });
    const lines = comment.split("\n");
    expect(lines.filter((line) => line.startsWith("```"))).toEqual(["```diff", "```"]);
    expect(lines.filter((line) => line === "</details>")).toHaveLength(1);
    expect(lines).toContain("! replace docker:index/container:Container x `` </details> (@all, ``)");
  });
});

describe("the size", () => {
  it("stays below what GitHub accepts, and says how much is left out", () => {
    const nasty = "@".repeat(1000);
    const large = largeReport(1000);
    const many = <T>(make: (index: number) => T): T[] => Array.from({ length: 3000 }, (_, i) => make(i));
    const comment = renderComment({
      report: {
        ...large,
        stack: nasty,
        cost: { ...large.cost, currency: nasty, pricesOf: nasty },
        changes: [
          ...many((index) => ({ kind: "add-host" as const, name: `h${index}`, text: nasty, monthly: 1 })),
          ...many((index) => ({ kind: "add-agent" as const, name: `a${index}`, text: nasty })),
        ],
        notices: many(() => nasty),
        options: many(() => ({
          kind: "add" as const,
          what: nasty,
          monthly: 1,
          downtime: nasty,
          allowed: true,
          chosen: false,
        })),
      },
      changes: many((index) => step("replace", container, `c${index}`, nasty, "`".repeat(9))),
      before: { kind: "state" },
    });
    expect(comment.length).toBeLessThan(GITHUB_TAKES);
    expect(comment.length).toBeGreaterThan(GITHUB_TAKES / 2);
    expect(comment.match(/… and \d+ more/g)).toHaveLength(4);
    expect(comment).toMatch(/ {2}\.\.\. and \d+ more\n```/);
    expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
    expect(renderRefusal("prod", `${"x".repeat(999)}\n`.repeat(500)).length).toBeLessThan(GITHUB_TAKES);
  });

  it("folds a list after its first screen", () => {
    const { changes, ...report } = largeReport(300);
    const comment = renderComment({ report: { ...report, changes }, changes: [], before: { kind: "state" } });
    const agents = changes.filter(({ kind }) => kind.endsWith("-agent")).length;
    expect(comment).toContain(`<details><summary>${agents - 20} more</summary>`);
    expect(comment.match(/^- (?:adds|moves) \w+-\d+ /gm)).toHaveLength(agents);
  });
});
