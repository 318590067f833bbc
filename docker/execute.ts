import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";

/** A command in a container exited with another code than 0. */
export class CommandFailedError extends Error {
  override readonly name = "CommandFailedError";
}

/**
 * Runs a command in a container and returns its standard output.
 *
 * @param abortSignal gives the call up; the command itself runs on, because Docker cannot end it
 * @throws CommandFailedError that quotes what the command printed
 */
export async function execute(
  container: Docker.Container,
  command: readonly string[],
  abortSignal?: AbortSignal,
): Promise<string> {
  const abort = abortSignal === undefined ? {} : { abortSignal };
  const request = { Cmd: [...command], AttachStdout: true, AttachStderr: true };
  const exec = await container.exec({ ...request, ...abort });
  const stream = await exec.start({ ...abort });
  const [out, err] = [new PassThrough(), new PassThrough()];
  container.modem.demuxStream(stream, out, err);
  stream.on("end", () => {
    out.end();
    err.end();
  });
  stream.on("error", (error) => {
    out.destroy(error);
    err.destroy(error);
  });
  const [output, errors] = await Promise.all([text(out), text(err)]);
  const { ExitCode } = await exec.inspect({ ...abort });
  if (ExitCode !== 0) {
    throw new CommandFailedError(
      `${command[0]} in the container exited with code ${ExitCode}: ${errors.trim() || output.trim()}`,
    );
  }
  return output;
}
