// Error codes and the JSON body of a failed request.
export * from "./error.ts";
