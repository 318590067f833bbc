import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export const DEFAULT_HOST = "unix:///var/run/docker.sock";

const PATIENCE = 5_000;
const POLL = 250;

/** Asks a Docker engine over its socket; the docker command would take ten times as long to start. */
export const ask = (socketPath: string, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = get(
      { socketPath, path, timeout: PATIENCE, headers: { host: "docker" } },
      async (response) => {
        try {
          resolve((await response.setEncoding("utf8").toArray()).join(""));
        } catch (error) {
          reject(error);
        }
      },
    );
    request.on("timeout", () => request.destroy(new Error(`no answer within ${PATIENCE / 1000} s`)));
    request.on("error", reject);
  });

/** Repeats an attempt until it succeeds; gives whether it did within the time in milliseconds and before it was hopeless. */
export async function becomesTrue(
  attempt: () => Promise<unknown>,
  within: number,
  hopeless: () => boolean = () => false,
): Promise<boolean> {
  const end = Date.now() + within;
  for (;;) {
    try {
      await attempt();
      return true;
    } catch {
      if (Date.now() > end || hopeless()) return false;
      await sleep(POLL);
    }
  }
}
