/** The only room that joins modules: a node, put together from its parts and taken apart again. */
package topiary.app.wire;
