export { promiseBackend } from "./promise-backend.ts";
