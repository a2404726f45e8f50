/**
 * Every operation, declared once: its name, arguments, help, whether it writes, who may, and what
 * intent it makes. The HTTP API, the command line, its help and the manual are read from here.
 */
package topiary.engine.catalogue;
