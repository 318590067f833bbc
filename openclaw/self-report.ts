/**
 * What a gateway says of itself, and its container of it, by one command in the container.
 *
 * The gateway has no HTTP endpoint for its channels, and `channels status` starts a second OpenClaw of 200 MiB and more
 * within the agent's memory limit. But `/readyz` judges every channel account, and names those that fail to a client on the
 * loopback address. Everything else here is read from files, so that all of it costs one shell.
 */
import { CHANNEL_NAMES, type ChannelName } from "./channels.ts";
import { GATEWAY_PORT, STARTUP_PATH, STATE_DIRECTORY } from "./contract.ts";

/** Answers whether the gateway can be given traffic; to a local client, with what fails. */
const READINESS_PATH = "/readyz";

const CGROUP = "/sys/fs/cgroup";
const CGROUP_V1 = `${CGROUP}/memory`;

/** Between two samples of CPU time. */
export const SAMPLE_SECONDS = 1;

/**
 * Prints lines of a key and a value, the value empty where it is not known.
 *
 * `active` is the last write to the conversations, which a start does too: the gateway keeps them in a database per agent,
 * older versions in files.
 * Reading the time of the last message from the database would take a Node process.
 */
export const SELF_REPORT_COMMAND: readonly string[] = [
  "bash",
  "-c",
  [
    // Where memory is short, the kernel must end this and not the gateway.
    "echo 1000 > /proc/self/oom_score_adj",
    `ask() { exec 3<>/dev/tcp/127.0.0.1/${GATEWAY_PORT} && printf "GET $1 HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n" >&3 && timeout 2 head -c 65536 <&3 | tail -n 1; }`,
    // First, with nothing but a pause between them: all else that this does is CPU time of the agent's.
    "cpu() { echo \"$EPOCHREALTIME $(cat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null || sed -n 's/^usage_usec //p' /sys/fs/cgroup/cpu.stat | sed 's/$/000/')\"; }",
    `before=$(cpu); sleep ${SAMPLE_SECONDS}; echo "cpu $before $(cpu)"`,
    `echo "startup $( (ask ${STARTUP_PATH}) 2>/dev/null)"`,
    `echo "readiness $( (ask ${READINESS_PATH}) 2>/dev/null)"`,
    `echo "peak $(cat ${CGROUP}/memory.peak ${CGROUP_V1}/memory.max_usage_in_bytes 2>/dev/null)"`,
    `echo "killed $(cat ${CGROUP}/memory.events ${CGROUP_V1}/memory.oom_control 2>/dev/null | sed -n 's/^oom_kill //p')"`,
    `cd ${STATE_DIRECTORY}/agents 2>/dev/null || exit 0`,
    `echo "active $(timeout 2 find . -type f '(' -path './*/sessions/*' -o -path './*/agent/*.sqlite' -o -path './*/agent/*.sqlite-wal' ')' -printf '%T@\\n' 2>/dev/null | sort -n | tail -n 1)"`,
  ].join("\n"),
];

const PHASES = ["starting", "started", "draining"] as const;

export type Phase = (typeof PHASES)[number];

export interface SelfReport {
  /** Undefined where the gateway does not answer. */
  readonly phase: Phase | undefined;
  /** Undefined where the gateway does not say. */
  readonly channels:
    | { readonly failing: readonly string[]; readonly suppressed: readonly string[] }
    | undefined;
  /** Over the time between two samples. */
  readonly cpu: { readonly percent: number; readonly intervalMs: number } | undefined;
  /** The most memory that the container has had since it was started, bytes. */
  readonly peakMemory: number | undefined;
  /** How many of its processes the kernel has ended for lack of memory since it was started. */
  readonly oomKills: number | undefined;
  /** Seconds since 1970. */
  readonly lastActivity: number | undefined;
}

/** `no failure` includes the two minutes in which a channel may still connect. */
export type ChannelState = "no failure" | "fails" | "not started" | "not known";

function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

const words = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];

/** Where anything else fails, the gateway has not looked at its channels. */
const isOfChannels = (failing: readonly string[]): boolean =>
  failing.every((each) => CHANNEL_NAMES.some((channel) => channel === each));

function channelsIn({
  ready,
  failing,
  suppressed,
}: Readonly<Record<string, unknown>>): SelfReport["channels"] {
  if (typeof ready !== "boolean" || !Array.isArray(failing) || !isOfChannels(words(failing)))
    return undefined;
  return { failing: words(failing), suppressed: words(suppressed) };
}

const numberIn = (text: string | undefined): number | undefined =>
  text === undefined || !/^\d+(?:\.\d+)?$/.test(text) ? undefined : Number(text);

/** @param text a time in seconds and the CPU time in nanoseconds, twice */
function cpuIn(text: string | undefined): SelfReport["cpu"] {
  // The shell's decimal point is the locale's.
  const numbers = (text ?? "").replaceAll(",", ".").split(" ").map(numberIn);
  const [start, used, end, usedLater] = numbers;
  if (start === undefined || used === undefined || end === undefined || usedLater === undefined)
    return undefined;
  const seconds = end - start;
  if (seconds <= 0 || usedLater < used) return undefined;
  return { percent: ((usedLater - used) / 1e9 / seconds) * 100, intervalMs: Math.round(seconds * 1000) };
}

/** @param output of `SELF_REPORT_COMMAND` */
export function parseSelfReport(output: string): SelfReport {
  const lines = new Map(
    output.split("\n").map((line): [string, string] => {
      const end = line.indexOf(" ");
      return [line.slice(0, end), line.slice(end + 1).trim()];
    }),
  );
  const { status } = parsed(lines.get("startup"));
  return {
    phase: PHASES.find((phase) => phase === status),
    channels: channelsIn(parsed(lines.get("readiness"))),
    cpu: cpuIn(lines.get("cpu")),
    peakMemory: numberIn(lines.get("peak")),
    oomKills: numberIn(lines.get("killed")),
    lastActivity: numberIn(lines.get("active")),
  };
}

export function channelState(channel: ChannelName, channels: SelfReport["channels"]): ChannelState {
  if (channels === undefined) return "not known";
  if (channels.failing.includes(channel)) return "fails";
  return channels.suppressed.includes(channel) ? "not started" : "no failure";
}
