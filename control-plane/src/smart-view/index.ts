// The smart view: what people see of what is in their repositories. Each question goes to whoever can open the repository (`AskRepository`); here is who may
// ask, which snapshot is meant, how content is streamed so that it is whole or visibly not, and how it is kept from doing anything in a browser.
export { createSmartView, type SmartViewDependencies } from "./create-smart-view.ts";
export {
  type AnswerFile,
  contentHeaders,
  createFileAnswer,
  type Exchange,
  httpDate,
  slotKeyOf,
  versionOf,
} from "./file-answer.ts";
export { mediaTypeOf } from "./media-type.ts";
export { createSnapshotFinder, type SnapshotFinder } from "./snapshot-finder.ts";
export { findReferenced, latestOf, SnapshotReference } from "./snapshot-reference.ts";
export { oneOrMore, PeoplesPath } from "./view-path.ts";
export { noteBrowsing, type Onlooker, repositoryOf, snapshotOf, type Viewing } from "./viewing.ts";
