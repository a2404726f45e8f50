/**
 * The command line: arguments by the catalogue, one request to a node, its answer printed. Starts
 * neither window nor raft nor database.
 */
package topiary.app.cli;
