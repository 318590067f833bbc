import { UnreachableError } from "docker-connection";
import { LockedError, WrongPassphraseError } from "pulumi-embedded-engine/state";
import { describe, expect, it } from "vitest";
import { describeError } from "../../cli/errors.ts";
import { FleetError } from "../../fleet/config/problem.ts";
import { OperatorError } from "../../system/operator-error.ts";

class OwnError extends OperatorError {}

describe("describeError", () => {
  it.each([
    ["a failure that the operator can fix", new OperatorError("no such host")],
    ["a kind of it", new OwnError("no such host")],
    ["an invalid configuration", new FleetError([])],
    ["a wrong passphrase", new WrongPassphraseError()],
    ["a host that does not respond", new UnreachableError("no response")],
  ])("is the message alone of %s", (_, error) => {
    expect(describeError(error)).toBe(error.message);
  });

  it("knows the lock's error by the name that it has", () => {
    expect(LockedError.name).toBe("LockedError");
  });

  it.each([
    new Error("of a library"),
    new TypeError("x is not a function"),
    new RangeError("out of range"),
    new ReferenceError("x is not defined"),
  ])("is the stack trace of a defect: %s", (error) => {
    expect(describeError(error)).toMatch(new RegExp(`^${error.name}: ${error.message}\n +at `));
  });

  it("is the explanation of a known failure, even of an unexpected error", () => {
    expect(describeError(new Error("connect EACCES /var/run/docker.sock"))).toMatch(
      /^this user may not use the Docker daemon at \/var\/run\/docker\.sock\n-> add .*\n\(connect EACCES \S+\)$/,
    );
  });

  it("is the text of anything else that is thrown", () => {
    expect(describeError("text")).toBe("text");
  });
});
