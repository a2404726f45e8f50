/**
 * What the engine needs of the world, as interfaces: the world is given to it, never reached for.
 */
package topiary.engine.port;
