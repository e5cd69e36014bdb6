import { CheckInput } from "@mycloud/protocol/check";
import { defaultsOf } from "@mycloud/protocol/form-schema";
import { CreatePage } from "../../form/FormPage.tsx";
import { useTemplatesOnCreate } from "../templates/useTemplatesOnCreate.ts";
import { CheckInputs } from "./CheckInputs.tsx";

export function CheckCreate() {
  const templates = useTemplatesOnCreate("Check", "list");
  return (
    <CreatePage
      {...templates}
      title="New check"
      defaults={{ ...defaultsOf(CheckInput), command: "" }}
      schema={CheckInput}
    >
      <CheckInputs />
    </CreatePage>
  );
}
