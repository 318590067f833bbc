/** Settings that had another name before version 0.2, and what they are called now. */

const FORMER: readonly { readonly path: RegExp; readonly name: string }[] = [
  { path: /^frontDoor$/, name: "ingress" },
  { path: /^backDoor$/, name: "egressProxy" },
  { path: /^hosts\.[^.]+\.rooms$/, name: "subnets" },
  { path: /^agents\.[^.]+\.spread$/, name: "antiAffinity" },
];

/** What the setting at a path is called now; undefined where it never had another name. */
export const presentName = (path: string): string | undefined =>
  FORMER.find((former) => former.path.test(path))?.name;
