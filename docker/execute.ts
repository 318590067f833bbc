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
 * @throws CommandFailedError that quotes what the command printed
 */
export async function execute(container: Docker.Container, command: readonly string[]): Promise<string> {
  const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
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
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0) {
    throw new CommandFailedError(
      `${command[0]} in the container exited with code ${ExitCode}: ${errors.trim() || output.trim()}`,
    );
  }
  return output;
}
