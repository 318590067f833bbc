/** Property values in protobuf's form. */
import structProto, {
  type Value as ProtoValue,
  type Struct,
} from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties, Value } from "../values.ts";

const { KindCase } = structProto.Value;

export function toProperties(struct: Struct | undefined): Properties {
  const properties: Properties = {};
  struct?.getFieldsMap().forEach((value, key) => {
    properties[key] = toValue(value);
  });
  return properties;
}

function toValue(value: ProtoValue): Value {
  switch (value.getKindCase()) {
    case KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case KindCase.STRING_VALUE:
      return value.getStringValue();
    case KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case KindCase.STRUCT_VALUE:
      return toProperties(value.getStructValue());
    case KindCase.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map(toValue);
    default:
      return null;
  }
}

export const toStruct = (properties: Properties): Struct => structProto.Struct.fromJavaScript(properties);
