// What pages have that no file here defines.

// Made when the book is built (book/_ext/engine_files.py).
declare module "*/engine/manifest.mjs" {
  const manifest: any;
  export default manifest;
}
declare module "*/engine/wasi/index.js" {
  class Anything {
    constructor(...parts: any[]);
    [name: string]: any;
  }
  export class Directory extends Anything {}
  export class PreopenDirectory extends Anything {}
  export class Fd extends Anything {}
  export class File extends Anything {}
  export class WASI extends Anything {}
  export const wasi: any;
}

// Of nbgrader's formgrader.
declare const $: any;
declare const Backbone: any;
declare const FormGrader: any;
declare const GradeUI: any;
declare const CommentUI: any;
declare const SubmittedNotebookUI: any;
declare const autosize: any;
declare const formgrader: any;
declare const models: any;
declare let insertRow: any;
declare const base_url: string;
declare const assignment_id: string;
declare const submission_id: string;
declare function getCookie(name: string): string | undefined;

interface Window {
  marking: any;
}
