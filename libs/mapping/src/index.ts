// From an event to what is sent, by data: mappings are checked, compiled once, and run on every event. Pure.
export {
  checkMapping,
  compileMapping,
  generatedMapping,
  type Mapping,
  type MapInput,
  type MapResult,
} from './mapping.ts';
