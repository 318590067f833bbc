import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { HostError } from "../../components/host-error.ts";

describe("HostError", () => {
  it("keeps its message when Pulumi adds the property that waits for the host", () => {
    const error = new HostError("eu-1 was not ready");
    error.message = `failed to resolve property "host": ${error.message}`;
    expect(error.message).toBe("eu-1 was not ready");
  });

  it("is printed without a stack trace", () => {
    const error = new HostError("eu-1 was not ready");
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(error.stack).toBe("");
  });
});
