// Plain JavaScript without imports: it has to run on any Node, in order to say that the Node is too old.

/** The first releases of their lines that run TypeScript without a flag. */
export const OLDEST_NODE = "22.18";
const OLDEST_NODE_23 = "23.6";

/** @param version such as `24.21.0` */
export function isSupportedNode(version) {
  const [major, minor] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = (major === 23 ? OLDEST_NODE_23 : OLDEST_NODE).split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

export const refusalOf = (version) =>
  `Node ${version} is too old for this program: install Node ${OLDEST_NODE} or newer, or start it with \`npm run\`, which brings its own.`;
