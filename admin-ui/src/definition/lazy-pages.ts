import { type ComponentType, lazy } from "react";

interface Pages {
  readonly list: ComponentType;
  readonly edit: ComponentType;
  readonly create: ComponentType;
  readonly show: ComponentType;
}

/** The four pages of a kind for <Resource>, fetched with the first of them that is opened. */
export function lazyPages(load: () => Promise<Pages>) {
  const page = (name: keyof Pages) => lazy(async () => ({ default: (await load())[name] }));
  return {
    list: page("list"),
    edit: page("edit"),
    create: page("create"),
    show: page("show"),
    recordRepresentation: (record: { readonly name: string }) => record.name,
  };
}
