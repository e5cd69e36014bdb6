// Paging, sorting and filtering of lists.
export * from "./list.ts";
