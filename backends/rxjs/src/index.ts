export { backend, rxjsBackend, type RxjsBackendOptions } from "./rxjs-backend.ts";
export { currentSubscription } from "./current-subscription.ts";
export { toObservable, type ToObservableOptions } from "./to-observable.ts";
export {
  fromObservable,
  type ObservableStream,
  type ObservableStreamStatistics,
} from "./from-observable.ts";
export type { FromObservableOptions, ObservableOverflow } from "./overflow.ts";
export { firstValue, lastValue, type ValueOptions } from "./values.ts";
