// The types of the two parts of undici that are loaded by themselves: its index loads fetch, caches, mocks and WebSockets as well, 6 MB in every connector.
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici';
  export default Agent;
}

declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici';
  export default buildConnector;
}
