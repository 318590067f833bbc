// Import cycles and the boundaries of every folder.
//
// Why a dependency of its own: Biome's `noRestrictedImports` sees the text of one import and `noImportCycles` sees one
// cycle. Neither resolves workspace packages, tells a type from a value, or sees that a folder is *reachable* through two
// others, which is how the embedded engine once came to depend on the fleet. dependency-cruiser does, from one graph.
// Rejected: eslint-plugin-boundaries (needs ESLint next to Biome), Nx and Turborepo boundaries (need their task runner).
//
// The table below is the architecture: a folder may import itself and what its line lists, and nothing else. A new top-level
// folder needs a line, else `every-folder-has-boundaries` reports it.

import { builtinModules } from "node:module";

/**
 * @typedef {object} Boundary
 * @property {readonly string[]} [imports] folders, or files (their path without extension), that may be imported
 * @property {readonly string[]} [types] the same, by `import type` only
 * @property {readonly string[]} [packages] npm packages; `@scope/` is a whole scope. Without the list: any
 * @property {boolean | readonly string[]} [node] whether Node's own modules may be imported, or which
 */

/** @type {Readonly<Record<string, Boundary>>} From the bottom to the top. */
const BOUNDARIES = {
  // Pure: no Pulumi, no disk, network, environment or clock.
  openclaw: { packages: ["zod"] },
  // Hashing is pure too: names are kept short by one.
  fleet: { imports: ["openclaw"], packages: ["zod"], node: ["crypto"] },
  report: { imports: ["fleet", "openclaw"], packages: [] },

  // Packages of their own, or taken along by other teams.
  docker: { node: true },
  engine: { imports: ["docker"], node: true },
  reader: { packages: ["zod", "@pulumi/pulumi"] },

  // Generates the settings' reference and the JSON Schemas.
  schema: { imports: ["fleet", "reader"], packages: ["zod"], node: true },

  // The machine that this runs on.
  system: { imports: ["docker"], packages: ["nano-spawn"], node: true },
  images: {
    imports: ["system", "docker"],
    types: ["fleet"],
    packages: ["dockerode", "nano-spawn", "zod"],
    node: true,
  },

  // The Pulumi program.
  components: {
    imports: ["fleet", "openclaw", "docker", "system/run"],
    packages: ["@pulumi/"],
    node: true,
  },
  stacks: {
    // docker/, because the program looks at the hosts' daemons before it plans anything.
    imports: ["components", "fleet", "openclaw", "docker", "catalogue"],
    types: ["reader"],
    packages: ["@pulumi/", "dockerode", "zod"],
    node: true,
  },

  // What runs the program, and works next to it.
  workspace: {
    imports: ["engine", "docker", "system", "fleet", "stacks/state", "reader/schema"],
    node: true,
  },
  operations: {
    imports: [
      "workspace",
      "engine",
      "fleet",
      "openclaw",
      "docker",
      "images",
      "system",
      "report",
      "stacks/state",
      "stacks/catalogue",
      // Commands see what the program sees: two ways to find a daemon and to look at it would have different results.
      "stacks/inventory",
      "stacks/machine-daemon",
      "stacks/service-config",
    ],
    types: ["reader"],
    node: true,
  },
  cli: {
    imports: [
      "operations",
      "workspace",
      "report",
      "fleet",
      "openclaw",
      "docker",
      "engine",
      "images",
      "system",
      "reader",
      "stacks",
    ],
    node: true,
  },

  // Not part of the product.
  examples: { imports: ["reader"], node: true },
};

/** Folders that may import anything. Only they import one another. */
const UNBOUND = ["tests", "bench"];
/** Folders without code of ours. */
const DATA = ["catalogue", "docs"];

/** What a folder may not import although its line in the table lists the folder around it. */
const EXCEPTIONS = [
  {
    name: "components-decide-nothing",
    comment: "Components copy the plan: they read no configuration and apply no rule.",
    from: "components",
    to: ["fleet/config/parse", "fleet/config/rules"],
  },
  {
    name: "cli-does-not-run-the-program",
    comment: "Only a Pulumi engine runs the program: the CLI goes through workspace/.",
    from: "cli",
    to: ["stacks/main"],
  },
];

/** What must not be reached, however many files lie between. */
const UNREACHABLE = [
  {
    name: "pure-core-reaches-nothing-impure",
    comment: "openclaw/, fleet/ and report/ stay pure, also through what they import.",
    from: ["openclaw", "fleet", "report"],
    to: Object.keys(BOUNDARIES).filter((folder) => !["openclaw", "fleet", "report"].includes(folder)),
    packages: ["@pulumi/", "dockerode", "yaml"],
    node: true,
  },
  {
    name: "engine-does-not-reach-the-fleet",
    comment: "The embedded engine runs any Pulumi program: nothing of this one may be reached from it.",
    from: ["engine", "docker"],
    to: Object.keys(BOUNDARIES).filter((folder) => !["engine", "docker"].includes(folder)),
  },
];

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** A folder and all that is in it; or a file, named without its extension. */
const at = (path) => `^${escaped(path)}[./]`;
/** Also of a package that is not installed: then the path is the bare name. */
const ofPackage = (name) => `(?:^|node_modules/)${escaped(name)}${name.endsWith("/") ? "" : "(?:/|$)"}`;

const FOLDERS = [...Object.keys(BOUNDARIES), ...UNBOUND, ...DATA];
const OURS = FOLDERS.map(at);
/** Modules that touch the machine: all but hashing. */
const NODE = `^(?:node:)?(?:${builtinModules
  .filter((name) => name !== "crypto")
  .map(escaped)
  .join("|")})$`;

const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

function rulesOf(folder, { imports = [], types = [], packages, node = false }) {
  const from = { path: at(folder) };
  const listed = [...imports, ...types.map((type) => `types of ${type}`)].join(", ") || "no other folder";
  const rules = [
    rule(`${folder}-imports`, `${folder}/ may import: ${listed}.`, from, {
      path: OURS,
      pathNot: [folder, ...imports, ...types].map(at),
    }),
  ];
  if (types.length > 0) {
    const comment = `${folder}/ may import only types (\`import type\`) of: ${types.join(", ")}.`;
    const to = { path: types.map(at), dependencyTypesNot: ["type-only", "type-import"] };
    rules.push(rule(`${folder}-imports-types-only`, comment, from, to));
  }
  if (packages !== undefined) {
    const comment = `${folder}/ may import these npm packages: ${packages.join(", ") || "none"}.`;
    const to = { pathNot: [...packages.map(ofPackage), ...OURS, "^[.]"], dependencyTypesNot: ["core"] };
    rules.push(rule(`${folder}-packages`, comment, from, to));
  }
  if (node !== true) {
    const allowed = node === false ? [] : node;
    const comment = `${folder}/ may not import Node's own modules${allowed.length > 0 ? `, except ${allowed.join(", ")}` : ""}.`;
    const to = {
      dependencyTypes: ["core"],
      ...(allowed.length > 0 ? { pathNot: [`^(?:node:)?(?:${allowed.join("|")})$`] } : {}),
    };
    rules.push(rule(`${folder}-without-node`, comment, from, to));
  }
  return rules;
}

export default {
  forbidden: [
    rule("no-cycles", "Move what both need into a file of its own.", {}, { circular: true }),
    rule("resolved", "What cannot be resolved escapes every other rule.", {}, { couldNotResolve: true }),
    rule(
      "every-folder-has-boundaries",
      "Give the folder a line in the table of .dependency-cruiser.mjs.",
      { path: "^[^/]+/", pathNot: [...OURS, "^[.]", "node_modules/"] },
      {},
    ),
    ...Object.entries(BOUNDARIES).flatMap(([folder, boundary]) => rulesOf(folder, boundary)),
    rule(
      "index-imports",
      "index.ts checks the Node version and starts the program in stacks/, and does nothing else.",
      { path: "^index[.]ts$" },
      { path: OURS, pathNot: [at("stacks"), at("system/require-node")] },
    ),
    rule(
      "only-tests-and-bench-import-tests",
      "The product runs without tests/ and bench/.",
      { pathNot: [...UNBOUND.map(at), "^vitest[.]config[.]ts$"] },
      { path: UNBOUND.map(at) },
    ),
    ...EXCEPTIONS.map(({ name, comment, from, to }) =>
      rule(name, comment, { path: at(from) }, { path: to.map(at) }),
    ),
    ...UNREACHABLE.map(({ name, comment, from, to, packages = [], node = false }) =>
      rule(
        name,
        comment,
        { path: from.map(at) },
        { path: [...to.map(at), ...packages.map(ofPackage), ...(node ? [NODE] : [])], reachable: true },
      ),
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^tests/engine/fixtures/" },
    // Types count too: a cycle of types is as hard to read as one of values.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
