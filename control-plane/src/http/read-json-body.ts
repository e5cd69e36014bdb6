import express, { type Request, type RequestHandler, type Response } from "express";
import { InputError, TooLargeError } from "../error/index.ts";
import { refuseHostileJson } from "./plain-json.ts";

export const defaultMaximumBodyBytes = 1024 * 1024;

/** Reads and parses a request's JSON body. Throws InputError (with the position of the fault) or TooLargeError. */
export type ReadJsonBody = (request: Request, response: Response) => Promise<unknown>;

/** A reader that takes at most this many bytes, after decompression. */
export function createJsonBodyReader(maximumBytes: number = defaultMaximumBodyBytes): ReadJsonBody {
  const parse: RequestHandler = express.json({ limit: maximumBytes, strict: false });
  return async (request, response) => {
    const type = request.headers["content-type"];
    const isEmpty = request.headers["content-length"] === "0" || (type === undefined && !hasBody(request));
    if (isEmpty) return undefined;
    if (!request.is(["application/json", "application/*+json"])) {
      throw new InputError(`content-type is ${type ?? "absent"}; send application/json`);
    }
    await new Promise<void>((resolve, reject) => {
      parse(request, response, (error?: unknown) => (error ? reject(bodyError(error, maximumBytes)) : resolve()));
    });
    refuseHostileJson(request.body);
    return request.body;
  };
}

function hasBody(request: Request): boolean {
  return request.headers["content-length"] !== undefined || request.headers["transfer-encoding"] !== undefined;
}

/** What body-parser throws, as a domain error. */
function bodyError(error: unknown, maximumBytes: number): unknown {
  const type: unknown = error instanceof Error ? Reflect.get(error, "type") : undefined;
  const message = error instanceof Error ? error.message : String(error);
  switch (type) {
    case "entity.too.large":
      return new TooLargeError(`the body is larger than ${maximumBytes} bytes; send it in parts`);
    case "entity.parse.failed":
      return new InputError(`the body is not JSON: ${message}`);
    case "encoding.unsupported":
    case "charset.unsupported":
    case "request.size.invalid":
    case "request.aborted":
      return new InputError(`the body cannot be read: ${message}`);
    default:
      // Broken gzip comes as zlib's own error.
      return new InputError(`the body cannot be read: ${message}`);
  }
}
