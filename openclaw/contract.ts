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
 * files to `/`, which a read-only root refuses; it is written at every start, so that what the plan says is what runs. Only the
 * gateway's own user may read what it keeps, which its own audit demands; a file that exists would keep its mode.
 */
export const START_COMMAND = [
  "umask 077",
  `chmod 700 ${STATE_DIRECTORY}`,
  `rm -f ${CONFIG_FILE}`,
  `printf %s "$${CONFIG_VARIABLE}" > ${CONFIG_FILE}`,
  `unset ${CONFIG_VARIABLE}`,
  `exec node dist/index.js gateway --bind lan --port ${GATEWAY_PORT}`,
].join(" && ");

/** How often a healthy gateway is asked, in seconds, and how many times by one process. */
const ASK_SECONDS = 10;
const ASKS = 30;

/**
 * A health check that passes once the gateway has started.
 *
 * It reads the body, because the Control UI answers 200 to any path, and it asks in Bash itself: that costs 3 ms of CPU, a
 * Node process 50 ms, and Docker 300 ms for every process that it starts in a container. So a process stays: it asks until
 * the gateway has started, which is found at once, and a healthy gateway for five minutes. It ends as soon as there is
 * something new to report.
 */
export const HEALTH_CHECK = `
ask() {
  { exec 3<>/dev/tcp/127.0.0.1/${GATEWAY_PORT}; } 2>/dev/null || return 1
  printf 'GET ${STARTUP_PATH} HTTP/1.0\\r\\n\\r\\n' >&3
  local answer= line=
  while IFS= read -r -t 3 line <&3; do answer+=$line; done
  exec 3>&-
  [[ $answer$line == *'"status":"${STARTED}"'* ]]
}
if [ -e /tmp/is-healthy ]; then
  for ((i = 0; i < ${ASKS}; i++)); do
    ask || { rm /tmp/is-healthy; exit 1; }
    sleep ${ASK_SECONDS}
  done
  exit 0
fi
until ask; do [ ! -e /tmp/has-started ] || exit 1; sleep 0.3; done
: > /tmp/has-started > /tmp/is-healthy
`.trim();

/**
 * Prints a one-time login link as JSON. This is a second OpenClaw process within the agent's memory limit; its score makes
 * the kernel end it, and not the gateway, where there is too little memory for both.
 */
export const LOGIN_COMMAND = [
  "sh",
  "-c",
  "echo 1000 > /proc/self/oom_score_adj; exec node --max-semi-space-size=2 dist/index.js dashboard --json",
] as const;
