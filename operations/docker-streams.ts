/** What a container says, from Docker's framed streams. */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { UserError } from "../workspace/user-error.ts";

/** Runs a command in a container and returns its standard output. @throws UserError that quotes what it said on failure. */
export async function execute(
  docker: Docker,
  container: Docker.Container,
  command: string[],
): Promise<string> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const [out, err] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, out, err);
  stream.on("end", () => {
    out.end();
    err.end();
  });
  const [output, errors] = await Promise.all([text(out), text(err)]);
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0) {
    throw new UserError(
      `${command[0]} in the container ended with code ${ExitCode}: ${errors.trim() || output.trim()}`,
    );
  }
  return output;
}

/** Passes a container's log on, line by line, until it ends or the operator has seen enough. */
export async function follow(
  docker: Docker,
  container: Docker.Container,
  options: { tail: number; follow: boolean },
  onLine: (line: string) => void,
): Promise<void> {
  const lines = new PassThrough();
  lines.setEncoding("utf8");
  let rest = "";
  lines.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) onLine(line);
  });
  const request = { stdout: true, stderr: true, tail: options.tail };
  if (!options.follow) {
    const framed = await container.logs({ ...request, follow: false });
    const source = new PassThrough();
    docker.modem.demuxStream(source, lines, lines);
    source.end(framed);
    await new Promise((resolve) => source.on("end", resolve));
    await new Promise((resolve) => setImmediate(resolve));
  } else {
    const stream = await container.logs({ ...request, follow: true });
    docker.modem.demuxStream(stream, lines, lines);
    await new Promise((resolve) => stream.on("end", resolve));
  }
  if (rest !== "") onLine(rest);
}
