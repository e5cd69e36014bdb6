import { z } from "zod";

type Schema = z.core.$ZodType;
type Value = Readonly<Record<string, unknown>>;

/** A schema of an object with named fields, as every input is. */
export type InputSchema = z.ZodObject;

/** The fields of an input that have a default, with it: what a form for a new one starts with. */
export function defaultsOf(schema: InputSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.shape).flatMap(([name, field]) => {
      const parsed = z.safeParse(field, undefined);
      return parsed.success && parsed.data !== undefined ? [[name, parsed.data]] : [];
    }),
  );
}

/**
 * Makes a form's values what the schema takes, as far as that can be done without guessing: fields it does not have are dropped (those of a record, or of another variant
 * chosen before), and an input emptied to null becomes absent where null is not allowed, so that the default holds. What is wrong stays wrong, for
 * `faultsOf` to say. Pure.
 */
export function fitInput(schema: InputSchema, values: Value): Record<string, unknown> {
  return fitObject(schema._zod.def.shape, values);
}

function fitObject(shape: Readonly<Record<string, Schema>>, values: Value): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, field]) => {
      const fitted = fit(field, values[name]);
      return fitted === undefined ? [] : [[name, fitted]];
    }),
  );
}

function fit(schema: Schema, value: unknown): unknown {
  if (value === null || value === undefined) return value === null && takesNull(schema) ? null : undefined;
  const inner = unwrapped(schema);
  if (inner instanceof z.core.$ZodObject) return isValue(value) ? fitObject(inner._zod.def.shape, value) : value;
  if (inner instanceof z.core.$ZodArray) {
    const { element } = inner._zod.def;
    return Array.isArray(value) ? value.map((each) => fit(element, each) ?? each) : value;
  }
  if (inner instanceof z.core.$ZodDiscriminatedUnion && isValue(value)) return fitVariant(inner, value);
  if (inner instanceof z.core.$ZodString && value === "" && takesNull(schema)) return null;
  return value;
}

function fitVariant(union: z.core.$ZodDiscriminatedUnion, value: Value): unknown {
  const { discriminator, options } = union._zod.def;
  const chosen = options.find((option) => {
    const known = option._zod.propValues?.[discriminator];
    return [...(known ?? [])].some((each) => each === value[discriminator]);
  });
  return chosen === undefined ? value : fit(chosen, value);
}

function unwrapped(schema: Schema): Schema {
  if (
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodPrefault ||
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodNullable
  ) {
    return unwrapped(schema._zod.def.innerType);
  }
  return schema;
}

function takesNull(schema: Schema): boolean {
  if (schema instanceof z.core.$ZodNullable || schema instanceof z.core.$ZodUnknown) return true;
  if (
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodPrefault ||
    schema instanceof z.core.$ZodOptional
  ) {
    return takesNull(schema._zod.def.innerType);
  }
  return false;
}

function isValue(value: unknown): value is Value {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
