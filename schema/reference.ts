/** The reference of all settings as Markdown, from their JSON Schema. */
import type { JsonSchema } from "./json-schema.ts";

type Node = JsonSchema;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;

const propertiesOf = ({ properties = {} }: Node): [string, Node][] =>
  Object.entries(properties).flatMap(([name, node]) => (isNode(node) ? [[name, node]] : []));

/** The branches of a union; for anything else the node itself. */
const branchesOf = (node: Node): Node[] => [...(node.anyOf ?? node.oneOf ?? [node])].filter(isNode);

/** The one branch that is an object with settings of its own. */
const objectIn = (node: Node): Node | undefined =>
  branchesOf(node).find(({ properties }) => properties !== undefined);

const kindOf = (node: Node): string | undefined => {
  const kind = node.properties?.["kind"];
  return isNode(kind) && typeof kind.const === "string" ? kind.const : undefined;
};

const escaped = (text: string): string => text.replaceAll("|", "\\|");

const inCode = (value: unknown): string => {
  if (Array.isArray(value)) return `\`[${value.join(", ")}]\``;
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
};

const isEmpty = (value: unknown): boolean =>
  value === undefined || (isNode(value) && Object.keys(value).length === 0);

/** @param inherited the default of the whole section, which may give this setting one */
function defaultOf(name: string, node: Node, required: readonly string[], inherited: unknown): string {
  const own = new Map(Object.entries(isNode(inherited) ? inherited : {})).get(name) ?? node.default;
  if (!isEmpty(own)) return inCode(own);
  return required.includes(name) ? "required" : "";
}

/** What may be written, where the description does not say it already. */
function formOf(node: Node, description: string): string {
  const { minimum, maximum } = node;
  const values = node.enum ?? [];
  if (values.some((value) => !description.includes(inCode(value))))
    return ` One of ${values.map(inCode).join(", ")}.`;
  if (minimum !== undefined && maximum !== undefined) return ` From ${minimum} to ${maximum}.`;
  return minimum !== undefined && minimum > 1 ? ` At least ${minimum}.` : "";
}

const row = (path: string, value: string, description: string): string =>
  `| \`${path}\` | ${value} | ${escaped(description)} |`;

/** A row for each setting; those of a nested object follow with its name before theirs. */
function rowsOf(node: Node, prefix = "", inherited: unknown = node.default): string[] {
  const required = node.required ?? [];
  return propertiesOf(node)
    .filter(([name]) => name !== "kind")
    .flatMap(([name, setting]) => {
      const path = `${prefix}${name}`;
      const description = setting.description ?? "";
      const value = defaultOf(name, setting, required, inherited);
      const inner = objectIn(setting);
      if (inner !== undefined)
        return [row(path, "", description), ...rowsOf(inner, `${path}.`, setting.default)];
      const entries = objectIn(valuesOf(setting) ?? {});
      return [
        row(path, value, `${description}${formOf(setting, description)}`),
        ...(entries === undefined ? [] : rowsOf(entries, `${path}.<name>.`)),
      ];
    });
}

/** A record's values, whose keys the operator chooses. */
function valuesOf({ additionalProperties }: Node): Node | undefined {
  return isNode(additionalProperties) ? additionalProperties : undefined;
}

const tableOf = (node: Node, inherited: unknown): string[] => {
  const rows = rowsOf(node, "", inherited);
  return rows.length === 0 ? [] : ["", "| setting | default | meaning |", "|---|---|---|", ...rows];
};

const section = (title: string, node: Node, setting: Node = node): string[] => [
  "",
  `### ${title}`,
  ...(setting.description === undefined ? [] : ["", setting.description]),
  ...tableOf(node, node === setting ? undefined : setting.default),
  ...(valuesOf(setting) === undefined ? [] : defaultEntries(setting)),
];

/** The entries that a record has when it is left out. */
const defaultEntries = ({ default: entries }: Node): string[] =>
  isNode(entries) && !isEmpty(entries)
    ? [
        "",
        `Default: ${Object.entries(entries)
          .map(([name, entry]) => `\`${name}: ${rendered(entry)}\``)
          .join(", ")}.`,
      ]
    : [];

/** As it is written in YAML on one line. */
const rendered = (value: unknown): string =>
  isNode(value)
    ? `{ ${Object.entries(value)
        .map(([key, inner]) => `${key}: ${rendered(inner)}`)
        .join(", ")} }`
    : String(value);

/** A section of its own for every setting that has settings itself. */
function sectionsOf(name: string, setting: Node): string[] {
  const entries = valuesOf(setting);
  if (entries !== undefined) {
    const kinds = branchesOf(entries).filter((branch) => kindOf(branch) !== undefined);
    if (kinds.length > 0)
      return kinds.flatMap((kind) => section(`\`${name}.<name>\` with \`kind: ${kindOf(kind)}\``, kind));
    const inner = objectIn(entries);
    return inner === undefined ? [] : section(`\`${name}.<name>\``, inner, setting);
  }
  const kinds = branchesOf(setting).filter((branch) => kindOf(branch) !== undefined);
  if (kinds.length > 0)
    return kinds.flatMap((kind) => section(`\`${name}\` with \`kind: ${kindOf(kind)}\``, kind));
  const inner = objectIn(setting);
  return inner === undefined ? [] : section(`\`${name}\``, inner, setting);
}

const hasSections = (node: Node): boolean => sectionsOf("", node).length > 0;

/** @param schema of `agent-fleet:fleet` */
export function renderReference(schema: Node): string {
  const settings = propertiesOf(schema);
  const required = schema.required ?? [];
  const overview = settings.map(([name, setting]) => {
    const description = setting.description ?? "";
    const meaning = hasSections(setting) ? `${description} See below.` : description;
    const value = hasSections(setting)
      ? required.includes(name)
        ? "required"
        : ""
      : defaultOf(name, setting, required, undefined);
    return `| \`${name}\` | ${value} | ${escaped(meaning)} |`;
  });
  return [
    "| setting | default | meaning |",
    "|---|---|---|",
    ...overview,
    ...settings.flatMap(([name, setting]) => sectionsOf(name, setting)),
  ].join("\n");
}
