/** Where the process begins: which face of Topiary is wanted. */
package topiary.app.main;
