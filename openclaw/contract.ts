/** What every version of the gateway's container has in common: its port, its paths, its user and its start command. */

/** WebSocket, HTTP API and Control UI, all on one port. */
export const GATEWAY_PORT = 18_789;

const HOME = "/home/node";

/** Everything an agent keeps. Mounted as a whole: the gateway replaces files in it by renaming. */
export const STATE_DIRECTORY = `${HOME}/.openclaw`;

export const WORKSPACE_DIRECTORY = `${STATE_DIRECTORY}/workspace`;

export const CONFIG_FILE = `${STATE_DIRECTORY}/openclaw.json`;

export const WORKING_DIRECTORY = "/app";

/** `node`, the image's own user; the state directory must belong to it. */
export const GATEWAY_USER = "1000:1000";

/** Answers 200 only once the gateway has started; older versions answer 200 to any path, so the body decides. */
export const STARTUP_PATH = "/startupz";

/** What the body of `STARTUP_PATH` says of a gateway that has started. */
export const STARTED = "started";

/** The variable that carries `openclaw.json` into the container. The gateway itself never sees it. */
export const CONFIG_VARIABLE = "OPENCLAW_CONFIG";

/** The variable that the gateway reads its operator token from. A token in `openclaw.json` would override it. */
export const TOKEN_VARIABLE = "OPENCLAW_GATEWAY_TOKEN";

/**
 * Writes the configuration, then becomes the gateway. The configuration arrives in the environment because Docker uploads
 * files to `/`, which a read-only root refuses; it is written at every start, so that what the plan says is what runs.
 */
export const START_COMMAND = [
  `printf %s "$${CONFIG_VARIABLE}" > ${CONFIG_FILE}`,
  `unset ${CONFIG_VARIABLE}`,
  `exec node dist/index.js gateway --bind lan --port ${GATEWAY_PORT}`,
].join(" && ");

/**
 * A health check that passes once the gateway has started.
 *
 * It reads the body, because the Control UI answers 200 to any path, and it runs in the shell, because a Node process would
 * cost 50 ms of CPU each time. Until the first success it keeps asking: Docker would ask again only after its interval, and
 * a gateway would be found healthy seconds after it is.
 */
export const HEALTH_CHECK = [
  `ask() { exec 3<>/dev/tcp/127.0.0.1/${GATEWAY_PORT} && printf "GET ${STARTUP_PATH} HTTP/1.0\\r\\n\\r\\n" >&3 && timeout 3 grep -q '"status":"${STARTED}"' <&3; }`,
  "until (ask) 2>/dev/null; do [ ! -e /tmp/has-started ] || exit 1; sleep 0.3; done",
  ": > /tmp/has-started",
].join("\n");

/**
 * Prints a one-time login link as JSON. This is a second OpenClaw process within the agent's memory limit; its score makes
 * the kernel end it, and not the gateway, where there is too little memory for both.
 */
export const LOGIN_COMMAND = [
  "sh",
  "-c",
  "echo 1000 > /proc/self/oom_score_adj; exec node --max-semi-space-size=2 dist/index.js dashboard --json",
] as const;
