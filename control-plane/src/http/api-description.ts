import { ErrorBody } from "@mycloud/protocol/error";
import { z } from "zod";
import type { Access, Route } from "./route.ts";

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of the routes under /api, from the schemas that parse their requests. */
export function describeApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    if (!route.path.startsWith("/api/")) continue;
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method]: describeRoute(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "MyCloud", version, description: "Errors are always `ErrorBody`; lists answer `{data, total}`." },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: { ErrorBody: schemaOf(ErrorBody, "output") },
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API token (mc_...), or an agent's JWT." },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "mycloud_session",
          description: "With X-CSRF-Token for writes.",
        },
      },
    },
  };
}

function describeRoute(route: Route): Json {
  const error = {
    description: "Error",
    content: { "application/json": { schema: { $ref: "#/components/schemas/ErrorBody" } } },
  };
  const answerType = route.answerKind === "stream" ? "text/event-stream" : "application/json";
  const answer =
    route.answer === undefined ? {} : { content: { [answerType]: { schema: schemaOf(route.answer, "output") } } };
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.path.split("/")[3] ?? "api"],
    description: whoMay(route.access),
    parameters: [
      ...parametersOf(route.params, "path", pathNames(route.path)),
      ...parametersOf(route.query, "query", []).map((parameter) => describeFilter(parameter, route.filter)),
    ],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { "application/json": { schema: schemaOf(route.body, "input") } } },
        }),
    responses: { "200": { description: "Done", ...answer }, default: error },
    security:
      route.access.kind === "public"
        ? []
        : [{ token: [] }, ...(route.access.kind === "agent" ? [] : [{ session: [] }])],
  };
}

function operationId({ method, path }: Route): string {
  const words = path
    .replace("/api/v1/", "")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  return [method, ...words].join("-");
}

function whoMay(access: Access): string {
  switch (access.kind) {
    case "public":
      return "For everybody.";
    case "agent":
      return "For enrolled agents.";
    case "role":
      return `For the role ${access.role} and above${access.isStaffOnly ? ", not for users of a customer" : ""}.`;
    case "tokenScope":
      return `For tokens with the scope ${access.tokenScope}${access.orRole === null ? "" : `, and users with the role ${access.orRole} and above`}.`;
  }
}

const pathNames = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? "");

function parametersOf(schema: z.ZodType | undefined, place: "path" | "query", names: readonly string[]): Json[] {
  const described = schema === undefined ? {} : schemaOf(schema, "input");
  const properties = (described.properties ?? {}) as Record<string, Json>;
  const required = new Set((described.required ?? []) as string[]);
  const all = new Set([...names, ...Object.keys(properties)]);
  return [...all].map((name) => ({
    name,
    in: place,
    required: place === "path" || required.has(name),
    schema: properties[name] ?? { type: "string" },
  }));
}

/** A list's filter is JSON in a query parameter, which OpenAPI says by `content` in place of `schema`. */
function describeFilter(parameter: Json, filter: z.ZodType | undefined): Json {
  if (parameter.name !== "filter" || filter === undefined) return parameter;
  const { schema: _, ...rest } = parameter;
  return { ...rest, content: { "application/json": { schema: schemaOf(filter, "input") } } };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return described;
}
