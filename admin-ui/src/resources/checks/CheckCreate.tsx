import { CheckInput } from "@mycloud/protocol/check";
import { defaultsOf } from "@mycloud/protocol/form-schema";
import { CreatePage } from "../../form/FormPage.tsx";
import { CheckInputs } from "./CheckInputs.tsx";

export function CheckCreate() {
  return (
    <CreatePage title="New check" defaults={{ ...defaultsOf(CheckInput), command: "" }} schema={CheckInput}>
      <CheckInputs />
    </CreatePage>
  );
}
