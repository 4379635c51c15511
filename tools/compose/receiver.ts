// The receiver in a container, where connectors reach it from outside.
import { receive } from '../local/receiver.ts';

receive(3009, '0.0.0.0');
