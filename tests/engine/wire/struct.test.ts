import { describe, expect, it } from "vitest";
import { secret, UNKNOWN } from "../../../engine/values.ts";
import { toProperties, toStruct } from "../../../engine/wire/struct.ts";

describe("properties on the wire", () => {
  it("arrive as they were sent, their keys in order", () => {
    const properties = {
      b: [1, "two", null, { c: false }, []],
      a: secret({ d: UNKNOWN }),
    };
    const arrived = toProperties(toStruct(properties));
    expect(arrived).toEqual(properties);
    expect(Object.keys(arrived)).toEqual(["a", "b"]);
    expect(arrived).toEqual(toStruct(properties).toJavaScript());
  });

  it("are empty if there are none", () => {
    expect(toProperties(undefined)).toEqual({});
  });
});
