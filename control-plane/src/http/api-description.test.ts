import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestApp, type TestApp } from "../testing/index.ts";

interface Operation {
  readonly operationId: string;
  readonly parameters: {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema?: object;
    readonly content?: object;
  }[];
  readonly responses: Record<string, { readonly description: string }>;
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
}

describe("the API description", () => {
  let testApp: TestApp;
  let description: {
    openapi: string;
    info: object;
    paths: Record<string, Record<string, Operation>>;
    components: object;
  };
  before(async () => {
    testApp = await startTestApp();
    description = (await testApp.call("GET", "/api/openapi.json", { token: null })).body;
  });
  after(() => testApp.stop());
  const operations = () =>
    Object.entries(description.paths).flatMap(([path, item]) =>
      Object.values(item).map((operation) => ({ path, operation })),
    );

  it("is OpenAPI 3.1 and has every route under /api", () => {
    assert.match(description.openapi, /^3\.1\./);
    const described = Object.entries(description.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    const routes = testApp.app.routes.filter(({ path }) => path.startsWith("/api/"));
    assert.deepEqual(
      described.sort(),
      routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`).sort(),
    );
  });

  it("names each operation once and each path parameter", () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const { path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = operation.parameters.filter((parameter) => parameter.in === "path");
      assert.deepEqual(declared.map(({ name }) => name).sort(), inPath.sort(), path);
      assert.ok(
        declared.every(({ required }) => required),
        path,
      );
      assert.ok(
        operation.parameters.every(({ schema, content }) => typeof (schema ?? content) === "object"),
        path,
      );
      assert.ok(
        Object.values(operation.responses).every((response) => typeof response.description === "string"),
        path,
      );
    }
  });

  it("says what the filter of every list may hold", () => {
    // Of Alertmanager's API a filter is matchers.
    const lists = operations().filter(
      ({ path, operation }) =>
        !path.startsWith("/api/v2/") && operation.parameters.some(({ name }) => name === "filter"),
    );
    assert.ok(lists.length >= 16);
    for (const { path, operation } of lists) {
      assert.ok(operation.parameters.find(({ name }) => name === "filter")?.content, path);
    }
  });

  it("refers to nothing that is not there", () => {
    const resolve = (reference: string, root: unknown): unknown =>
      reference
        .slice(2)
        .split("/")
        .reduce((at: unknown, step) => (at as Record<string, unknown> | undefined)?.[step.replaceAll("~1", "/")], root);
    const walk = (value: unknown, root: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const reference = (value as Record<string, unknown>).$ref;
      if (typeof reference === "string") {
        assert.ok(reference.startsWith("#/"), reference);
        assert.notEqual(resolve(reference, root), undefined, reference);
      }
      for (const child of Object.values(value)) walk(child, root);
    };
    walk(description, description);
  });

  it("tells what a body must hold", () => {
    const create = description.paths["/api/v1/users"]?.post;
    const schema = create?.requestBody?.content["application/json"]?.schema as {
      required: string[];
      properties: Record<string, unknown>;
    };
    assert.ok(schema.required.includes("password"));
    assert.ok(!schema.required.includes("isDisabled"));
    assert.ok(schema.properties.email);
  });
});
