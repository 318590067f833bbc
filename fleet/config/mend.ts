/** A configuration without what has the wrong shape in it, so that the rules can be asked about the rest. */
import type { z } from "zod";
import type { Problem } from "./problem.ts";
import { isObject } from "./shape.ts";

/** Sections of entries that the operator names. Outside them nothing is mended: too much follows from it. */
const SECTIONS = ["agents", "hosts", "classes"] as const;

type Section = (typeof SECTIONS)[number];

/**
 * What an entry gets in addition to its settings of the right shape, where no problem of its own follows from it. A host has
 * none: it is left out.
 */
const NEUTRAL: Readonly<Record<Section, object | undefined>> = {
  agents: { egress: "open" },
  classes: { cpus: 1 },
  hosts: undefined,
};

/** The settings that have the wrong shape; `all` if it is the entry itself. */
type Broken = Set<string> | "all";

export interface Mended {
  readonly raw: unknown;
  /** Entries that were left out, by section. */
  readonly agents: readonly string[];
  readonly hosts: readonly string[];
  readonly classes: readonly string[];
}

const brokenBy = (issue: z.core.$ZodIssue): readonly string[] | "all" => {
  if (issue.path.length > 2) return [String(issue.path[2])];
  return issue.code === "unrecognized_keys" ? issue.keys : "all";
};

/** By section and name. Undefined if a problem is anywhere else. */
function brokenEntries(issues: readonly z.core.$ZodIssue[]): Map<Section, Map<string, Broken>> | undefined {
  const found = new Map(SECTIONS.map((section) => [section, new Map<string, Broken>()] as const));
  for (const issue of issues) {
    const [first, name] = issue.path.map(String);
    const section = SECTIONS.find((each) => each === first);
    const entries = section && found.get(section);
    if (entries === undefined || name === undefined) return undefined;
    const [before, more] = [entries.get(name) ?? new Set<string>(), brokenBy(issue)];
    entries.set(name, before === "all" || more === "all" ? "all" : new Set([...before, ...more]));
  }
  return found;
}

/** What is left of an entry; undefined if it has to be left out. */
function remains(section: Section, entry: unknown, broken: Broken): object | undefined {
  const neutral = NEUTRAL[section];
  if (neutral === undefined || broken === "all" || !isObject(entry)) return undefined;
  // The rules compare a class's memory: without it there is nothing to ask about.
  if (section === "classes" && (broken.has("memoryMb") || !Object.hasOwn(entry, "memoryMb")))
    return undefined;
  const intact = Object.entries(entry).filter(([setting]) => !broken.has(setting));
  return { ...Object.fromEntries(intact), ...neutral };
}

/** Undefined if something outside of entries has the wrong shape. */
export function mendEntries(raw: unknown, issues: readonly z.core.$ZodIssue[]): Mended | undefined {
  const broken = brokenEntries(issues);
  if (broken === undefined || !isObject(raw)) return undefined;
  const leftOut: Record<Section, string[]> = { agents: [], hosts: [], classes: [] };
  const sections = [...broken].map(([section, names]) => {
    if (names.size === 0) return [section, raw[section]];
    const entries = Object.entries(isObject(raw[section]) ? raw[section] : {}).flatMap(([name, entry]) => {
      const wrong = names.get(name);
      const kept = wrong === undefined ? entry : remains(section, entry, wrong);
      if (wrong !== undefined && kept === undefined) leftOut[section].push(name);
      return wrong !== undefined && kept === undefined ? [] : [[name, kept]];
    });
    return [section, Object.fromEntries(entries)];
  });
  return { raw: { ...raw, ...Object.fromEntries(sections) }, ...leftOut };
}

/** Whether a problem is only that an entry was left out. */
export function isFollowUp({ path, value }: Problem, { hosts, classes }: Mended): boolean {
  if (/^(?:defaults|agents\.[^.]+)\.class$/.test(path)) return classes.some((name) => name === value);
  if (hosts.length === 0) return false;
  if (/^agents\.[^.]+\.host$/.test(path))
    return hosts.some((name) => value === name || String(value).startsWith(`${name}-`));
  return path === "hosts" || /^agents\.[^.]+\.location$/.test(path);
}
