import { createRecordMaker } from "../../log-shaping/index.ts";
import { serveShipper } from "./serve-shipper.ts";

serveShipper({ createMaker: createRecordMaker });
